// Open days: rows of the vault.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "agents/partial_day.h"
#include "agents/school_board.h"
#include "services/blank.h"
#include "services/body_fields.h"
#include "services/kept_rows.h"
#include "services/network_fields.h"

namespace schakel {
namespace {

constexpr const char* kOpenDaySet = "open-days";
constexpr const char* kOpenDayRow = "open day";

std::unexpected<Error> InvalidOpenDay(const char* rule, const std::string& field, std::string next) {
  return Fail(Code::kInvalid, rule, "body." + field, std::move(next));
}

Status CheckOpenDayText(const std::string& text, const char* field, std::size_t bytes_max, Need need) {
  if (need == Need::kRequired && IsBlank(text)) return InvalidOpenDay("body.required", field, "fill it in");
  if (text.size() <= bytes_max) return {};
  return InvalidOpenDay("body.long", field, fmt::format("at most {} bytes; it has {}", bytes_max, text.size()));
}

Status CheckOpenDay(const OpenDay& one) {
  const auto day = ParsePartialDay(one.day);
  if (!day || !day->IsWhole()) return InvalidOpenDay("body.whole_day", "day", "give a whole day: 2026-03-14");
  SCHAKEL_TRY(CheckOpenDayText(one.hours, "hours", kNameBytesMax, Need::kOptional));
  SCHAKEL_TRY(CheckOpenDayText(one.place, "place", kTitleBytesMax, Need::kRequired));
  SCHAKEL_TRY(CheckOpenDayText(one.organiser, "organiser", kTitleBytesMax, Need::kRequired));
  return CheckOpenDayText(one.text, "text", kShortTextBytesMax, Need::kOptional);
}

// Nobody can go to a day that is over.
Status CheckToCome(const OpenDay& one, Timestamp now) {
  return one.day >= BelgianDay(now) ? Status() : InvalidOpenDay("open_day.past", "day", "give today, or a day to come");
}

}  // namespace

Bytes EncodeOpenDay(const OpenDay& one) {
  Encoder to = BeginKept(6);
  return to.Binary(one.id).Text(one.day).Text(one.hours).Text(one.place).Text(one.organiser).Text(one.text).Take();
}

Result<OpenDay> DecodeOpenDay(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 6, kOpenDayRow));
  OpenDay one;
  one.id = from.Fixed<16>("id");
  one.day = from.Text("day", kDayBytesMax);
  one.hours = from.Text("hours", kNameBytesMax);
  one.place = from.Text("place", kTitleBytesMax);
  one.organiser = from.Text("organiser", kTitleBytesMax);
  one.text = from.Text("text", kShortTextBytesMax);
  return LeaveKept(from, std::move(one), kOpenDayRow);
}

Result<std::vector<OpenDay>> OpenDayService::All() const {
  SCHAKEL_ASSIGN(auto all, ReadKept(engine_, kOpenDaySet, &DecodeOpenDay));
  const std::string today = BelgianDay(clock_.Now());
  std::ranges::sort(all, [&](const OpenDay& a, const OpenDay& b) {
    const bool a_was = a.day < today;
    const bool b_was = b.day < today;
    if (a_was != b_was) return b_was;
    if (a.day != b.day) return a_was ? a.day > b.day : a.day < b.day;
    return a.id < b.id;
  });
  return all;
}

Result<OpenDay> OpenDayService::Add(OpenDay one) {
  SCHAKEL_TRY(CheckOpenDay(one));
  SCHAKEL_TRY(CheckToCome(one, clock_.Now()));
  SCHAKEL_ASSIGN(const auto all, All());
  if (all.size() >= kDaysMax)
    return Fail(Code::kLimit, "open_day.many", "day", "take days that are long past off first");
  one.id = random_.Draw<RecordId>().value();
  SCHAKEL_TRY(engine_.Keep({{kOpenDaySet, ToHex(one.id), EncodeOpenDay(one)}}));
  return one;
}

Result<OpenDay> OpenDayService::Edit(const std::string& id, OpenDay one) {
  SCHAKEL_ASSIGN(const auto all, All());
  SCHAKEL_ASSIGN(const OpenDay before,
                 FindKept(all, id, "open_day.unknown", "day", "see which there are: schakel school open-days"));
  SCHAKEL_TRY(CheckOpenDay(one));
  // Of one that is over, what else stands there may still be put right.
  if (one.day != before.day) SCHAKEL_TRY(CheckToCome(one, clock_.Now()));
  one.id = before.id;
  SCHAKEL_TRY(engine_.Keep({{kOpenDaySet, ToHex(one.id), EncodeOpenDay(one)}}));
  return one;
}

Status OpenDayService::Drop(const std::string& id) {
  SCHAKEL_ASSIGN(const auto all, All());
  SCHAKEL_ASSIGN(const OpenDay one,
                 FindKept(all, id, "open_day.unknown", "day", "see which there are: schakel school open-days"));
  return engine_.Keep({{kOpenDaySet, ToHex(one.id), std::nullopt}});
}

}  // namespace schakel
