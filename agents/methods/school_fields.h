// The fields of the bodies of school support and of learning cases: see services/body_fields.h.
#pragma once

#include "services/body_fields.h"

namespace schakel {

template <typename A, Of<SchoolReportBody> B>
void Fields(A& a, B& b) {
  a.Organisation("desk", b.desk);
  a.Enum("trouble", b.trouble, SchoolTrouble::kTruancy, kSchoolTroubleLast);
  a.Enum("level", b.level, SchoolLevel::kUnsaid, kSchoolLevelLast);
  a.Text("text", b.text, kTextBytesMax, Need::kRequired);
  a.Text("tried", b.tried, kShortTextBytesMax, Need::kOptional);
  a.Text("since", b.since, kTitleBytesMax, Need::kOptional);
  a.Text("municipality", b.municipality, kNameBytesMax, Need::kOptional);
}

template <typename A, Of<SchoolStepBody> B>
void Fields(A& a, B& b) {
  a.Enum("step", b.step, SchoolMove::kTakenUp, kSchoolMoveLast);
  a.Text("place", b.place, kTitleBytesMax, Need::kOptional);
  a.Text("coach", b.coach, kTitleBytesMax, Need::kOptional);
  a.Text("who", b.who, kTitleBytesMax, Need::kOptional);
  a.Text("text", b.text, kTextBytesMax, Need::kOptional);
}

template <typename A, Of<BoardCell> B>
void RowFields(A& a, B& b) {
  a.Text("table", b.table, kNameBytesMax, Need::kRequired);
  a.Text("cell", b.cell, kNameBytesMax, Need::kRequired);
  a.Number("count", b.count);
}

template <typename A, Of<BoardDay> B>
void RowFields(A& a, B& b) {
  a.Text("day", b.day, kNameBytesMax, Need::kRequired);
  a.Text("hours", b.hours, kNameBytesMax, Need::kOptional);
  a.Text("place", b.place, kTitleBytesMax, Need::kRequired);
  a.Text("organiser", b.organiser, kTitleBytesMax, Need::kRequired);
  a.Text("text", b.text, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<SchoolBoardBody> B>
void Fields(A& a, B& b) {
  a.Number("year", b.year);
  a.Number("threshold", b.threshold);
  a.Number("reports", b.reports);
  a.Rows("cells", b.cells, kBoardCellsMax);
  a.Rows("days", b.days, kBoardDaysMax);
}

template <typename A, Of<PlaceEnrolmentBody> B>
void Fields(A& a, B& b) {
  a.Text("name", b.name, kNameBytesMax, Need::kRequired);
  a.Text("needs", b.needs, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<LearningCaseBody> B>
void Fields(A& a, B& b) {
  a.Text("title", b.title, kTitleBytesMax, Need::kRequired);
  a.Text("text", b.text, kLongTextBytesMax, Need::kRequired);
  a.Text("learned", b.learned, kTextBytesMax, Need::kOptional);
  a.Texts("themes", b.themes, kThemesMax, kNameBytesMax);
}

template <typename A, Of<LearningCaseBody> B>
void LaterFields(A& a, B& b) {
  a.Organisations("to", b.to, kListMax);
}
inline std::uint32_t VersionOf(const LearningCaseBody& b) { return b.to.empty() ? 1 : 2; }

template <typename A, Of<LearningWithdrawalBody> B>
void Fields(A& a, B& b) {
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
}

}  // namespace schakel
