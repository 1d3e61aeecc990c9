// What a family wrote while it was among itself: rows of ciphertext, counted and bounded, and otherwise not looked at.
#include <algorithm>

#include "agents/family.h"
#include "services/kept_rows.h"

namespace schakel {
namespace {

constexpr const char* kConferenceSet = "family.conferences";  // With notes: which trajectory each is of.
constexpr const char* kNoteRow = "family note";

std::string NoteSetOf(const RecordId& conference) { return "family.notes." + ToText(conference); }

std::unexpected<Error> NoNotesYet() {
  return Fail(Code::kConflict, "family_note.not_yet", {}, "wait until the family is among itself");
}

// Whoever made the link had it in hand, and could be anybody.
std::unexpected<Error> NotByThisLink() {
  return Fail(Code::kDenied, "family_note.older", "note",
              "let somebody wipe it whose link is older; unread, it goes when the trajectory is closed");
}

// As the page pads and seals it: whole blocks, and a tag.
bool LooksSealed(const Bytes& sealed) {
  if (sealed.size() <= FamilyNotes::kTagBytes) return false;
  const std::size_t padded = sealed.size() - FamilyNotes::kTagBytes;
  return padded % FamilyNotes::kPaddedTo == 0 && padded <= FamilyNotes::kSealedMax;
}

}  // namespace

Bytes EncodeFamilyNote(const FamilyNote& one) {
  Encoder to = BeginKept(6);
  to.Binary(one.id).Id(one.author).Time(one.at).Bool(one.words).Binary(one.nonce).Binary(one.sealed);
  return to.Take();
}

Result<FamilyNote> DecodeFamilyNote(ByteView bytes) {
  Decoder from(bytes);
  SCHAKEL_TRY(EnterKept(from, 6, kNoteRow));
  FamilyNote one;
  one.id = from.Fixed<16>("id");
  one.author = from.ReadId<RecordId>("author");
  one.at = from.Time("at");
  one.words = from.Bool("words");
  one.nonce = from.Fixed<12>("nonce");
  one.sealed = ToBytes(from.Binary("sealed", FamilyNotes::kSealedMax + FamilyNotes::kTagBytes));
  return LeaveKept(from, std::move(one), kNoteRow);
}

Result<CaseConference> FamilyNotes::Open(const GuestService::Visit& visit) const {
  SCHAKEL_ASSIGN(CaseConference conference, conferences_.Of(visit));
  if (conference.phase() == FamilyPhase::kInformation) return NoNotesYet();
  return conference;
}

Result<std::vector<FamilyNote>> FamilyNotes::NotesOf(const RecordId& conference) const {
  SCHAKEL_ASSIGN(auto all, ReadKept(engine_, NoteSetOf(conference).c_str(), &DecodeFamilyNote));
  std::ranges::sort(all, {}, [](const FamilyNote& one) { return std::tuple(!one.words, one.at, one.id); });
  return all;
}

Result<std::vector<FamilyNote>> FamilyNotes::Read(const GuestService::Visit& visit) const {
  SCHAKEL_ASSIGN(const CaseConference conference, Open(visit));
  return NotesOf(conference.id);
}

Result<FamilyNote> FamilyNotes::Write(const GuestService::Visit& visit, FamilyNote note) {
  SCHAKEL_ASSIGN(const CaseConference conference, Open(visit));
  if (conference.phase() != FamilyPhase::kPrivate) {
    return Fail(Code::kConflict, "family_note.over", {}, "hand over your plan, or keep it among yourselves");
  }
  if (!LooksSealed(note.sealed)) {
    return Fail(Code::kInvalid, "family_note.sealed", "sealed", "let the page encrypt it");
  }
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto all, NotesOf(conference.id));
  const bool has_words = !all.empty() && all.front().words;
  if (note.words && has_words) {
    return Fail(Code::kConflict, "family_note.words", "words", "ask who is with you for the words: somebody made them");
  }
  if (!note.words && !has_words) {
    return Fail(Code::kConflict, "family_note.no_words", "words", "begin with the words of your family");
  }
  if (all.size() >= kNotesMax) {
    return Fail(Code::kLimit, "family_note.many", {}, "wipe notes that you do not need any more");
  }
  note.id = random_.Draw<RecordId>().value();
  note.author = visit.guest;
  note.at = clock_.Now();
  Encoder of;
  of.Id(visit.trajectory);
  SCHAKEL_TRY(engine_.Keep({{kConferenceSet, ToText(conference.id), of.Take()},
                            {NoteSetOf(conference.id), ToHex(note.id), EncodeFamilyNote(note)}}));
  return note;
}

Status FamilyNotes::Wipe(const GuestService::Visit& visit, std::string_view id) {
  SCHAKEL_ASSIGN(const CaseConference conference, Open(visit));
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto all, NotesOf(conference.id));
  const auto found = std::ranges::find_if(
      all, [&](const FamilyNote& one) { return !one.words && one.author == visit.guest && ToHex(one.id) == id; });
  if (found == all.end()) {
    return Fail(Code::kNotFound, "family_note.unknown", "note", "look again: you may wipe what you wrote yourself");
  }
  SCHAKEL_ASSIGN(const Timestamp made_at, conferences_.LinkMadeAt(visit));
  if (found->at < made_at) return NotByThisLink();
  return engine_.Keep({{NoteSetOf(conference.id), ToHex(found->id), std::nullopt}});
}

Status FamilyNotes::WipeAll(const GuestService::Visit& visit) {
  SCHAKEL_ASSIGN(const CaseConference conference, Open(visit));
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto all, NotesOf(conference.id));
  SCHAKEL_ASSIGN(const Timestamp made_at, conferences_.LinkMadeAt(visit));
  if (std::ranges::any_of(all, [&](const FamilyNote& one) { return one.at < made_at; })) return NotByThisLink();
  return Drop(conference.id);
}

Status FamilyNotes::Drop(const RecordId& conference) {
  const std::string set = NoteSetOf(conference);
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(set));
  std::vector<Engine::KeptRow> gone = {{kConferenceSet, ToText(conference), std::nullopt}};
  for (const auto& [key, row] : rows) gone.push_back({set, key, std::nullopt});
  return engine_.Keep(gone);
}

Result<std::size_t> FamilyNotes::CountOf(const RecordId& conference) const {
  SCHAKEL_ASSIGN(const auto all, NotesOf(conference));
  return static_cast<std::size_t>(std::ranges::count(all, false, &FamilyNote::words));
}

Status FamilyNotes::ForgetGone(Cases& cases) {
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kConferenceSet));
  for (const auto& [key, row] : rows) {
    Decoder from(row);
    const auto id = from.ReadId<TrajectoryId>("trajectory");
    if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", kNoteRow);
    SCHAKEL_ASSIGN(const RecordId conference, ParseId<RecordId>(key));
    const auto rules = engine_.FindTrajectory(id);
    const bool erased = rules ? rules->erased() : rules.error().code == Code::kNotFound;
    const auto trajectory = cases.Trajectory(id);
    if (erased || (trajectory && trajectory->closed)) SCHAKEL_TRY(Drop(conference));
  }
  return {};
}

}  // namespace schakel
