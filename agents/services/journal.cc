#include "journal.h"

#include <algorithm>
#include <iterator>

#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kVersion = 3;  // 1 had no question, 2 not why somebody was turned away.
constexpr std::string_view kList = "journal";
constexpr std::size_t kPersonBytesMax = 200;

// 0: none.
std::optional<AccessRow::Barred> DecodeBarred(Decoder& from) {
  const std::uint64_t value = from.Uint("act.barred", static_cast<std::uint64_t>(AccessRow::Barred::kNotTheirs));
  return value == 0 ? std::nullopt : std::optional(static_cast<AccessRow::Barred>(value));
}

Result<Act> Decode(ByteView bytes) {
  Decoder from(bytes);
  const std::size_t parts = from.ArrayBetween(9, 11, "act");
  const std::uint64_t version = from.Uint("act.version");
  if (version != parts - 8) return Fail(Code::kVersion, "vault.row", "act");
  Act act;
  act.at = from.Time("act.at");
  act.what = from.Enum("act.what", Act::What::kAsked, Act::What::kAttempted);
  act.trajectory = from.ReadId<TrajectoryId>("act.trajectory");
  act.record = from.ReadId<RecordId>("act.record");
  act.person.name = from.Text("act.person", kPersonBytesMax);
  act.person.role = from.Enum("act.role", StaffRole::kWorker, kStaffRoleLast);
  act.reason = from.Enum("act.reason", ViewReason::kTask, kViewReasonLast);
  act.about = from.Text("act.about", kPersonBytesMax);
  if (version >= 2) act.question = from.Text("act.question", kQuestionBytesMax);
  if (version >= 3) act.barred = DecodeBarred(from);
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "act");
  return act;
}

void Undo(const Act& undone, std::vector<Act>& acts) {
  const auto same = [&](const Act& one) {
    return one.what == Act::What::kWrote && one.at == undone.at && one.trajectory == undone.trajectory &&
           one.record == undone.record && one.person.name == undone.person.name;
  };
  const auto last = std::find_if(acts.rbegin(), acts.rend(), same);
  if (last != acts.rend()) acts.erase(std::next(last).base());
}

}  // namespace

Status Note(Engine& engine, const Act& act) {
  Encoder to;
  to.Array(11).Uint(kVersion).Time(act.at).Enum(act.what).Id(act.trajectory).Id(act.record);
  to.Text(act.person.name).Enum(act.person.role).Enum(act.reason).Text(act.about).Text(act.question);
  to.Uint(act.barred ? static_cast<std::uint64_t>(*act.barred) : 0);
  return engine.AppendFact(kList, to.bytes());
}

Result<std::vector<Act>> ActsOf(const Engine& engine) {
  std::vector<Act> acts;
  Status decoded;
  SCHAKEL_TRY(engine.VisitFacts(kList, [&](ByteView row) {
    auto act = Decode(row);
    if (!act) {
      decoded = std::unexpected(act.error());
      return false;
    }
    if (act->what == Act::What::kWroteNot) {
      Undo(*act, acts);
    } else {
      acts.push_back(std::move(*act));
    }
    return true;
  }));
  SCHAKEL_TRY(decoded);
  return acts;
}

}  // namespace schakel
