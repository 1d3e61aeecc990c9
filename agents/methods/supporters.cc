#include "agents/supporters.h"

#include <algorithm>

#include "services/sending.h"

namespace schakel {
namespace {

std::unexpected<Error> NoSupporter() {
  return Fail(Code::kDenied, "supporter.none", {}, "messages are for supporters: talk with who invited you");
}

bool IsSupporterOf(const Meeting& meeting, const RecordId& guest) {
  const auto found = std::ranges::find(meeting.guests, guest, &Meeting::Guest::id);
  return found != meeting.guests.end() && found->who == Speaker::kOther;
}

// Who of the team reads along: whom the conversation went to last, when the team wrote.
std::vector<OrgId> AlongWith(const Engine& engine, const CaseSupporter& conversation) {
  for (auto one = conversation.messages.rbegin(); one != conversation.messages.rend(); ++one) {
    if (one->by_supporter) continue;
    const auto held = engine.Find(one->record);
    return held ? held->recipients : std::vector<OrgId>{};
  }
  return {};
}

}  // namespace

Result<std::vector<SupporterService::Standing>> SupporterService::List(const TrajectoryId& id) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  std::vector<Standing> all;
  for (const Meeting& meeting : trajectory.meetings) {
    if (meeting.convener != engine_.Self() || !IsNone(meeting.cancelled)) continue;
    SCHAKEL_ASSIGN(const auto overview, guests_.Show(meeting.id));
    for (const GuestService::Standing& one : overview.guests) {
      if (IsSupporterOf(meeting, one.guest)) all.push_back({one.guest, meeting.id, one.state, {}});
    }
  }
  for (const CaseSupporter& one : trajectory.family.supporters) {
    if (one.author != engine_.Self()) continue;
    auto found = std::ranges::find(all, one.guest, &Standing::guest);
    if (found == all.end()) {
      all.push_back({one.guest, {}, GuestService::State::kNone, {}});
      found = std::prev(all.end());
    }
    found->messages = one.messages;
  }
  return all;
}

Result<CaseSupporter> SupporterService::ConversationOf(const TrajectoryId& id, const RecordId& guest) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  for (const CaseSupporter& one : trajectory.family.supporters) {
    if (one.guest == guest && one.author == engine_.Self()) return one;
  }
  return CaseSupporter{guest, engine_.Self(), {}};
}

Result<std::string> SupporterService::NameOf(const RecordId& guest) const {
  SCHAKEL_ASSIGN(const Body sealed, engine_.Open(guest));
  SCHAKEL_ASSIGN(const TypedBody typed, DecodeBody(sealed));
  const auto* body = std::get_if<GuestBody>(&typed);
  if (body == nullptr) return Fail(Code::kNotFound, "supporter.unknown", "supporters", "see which there are");
  return body->name;
}

Result<Draft> SupporterService::DraftOf(const TrajectoryId& id, const CaseSupporter& conversation,
                                        SupporterMessageBody body) const {
  SCHAKEL_ASSIGN(body.supporter, NameOf(conversation.guest));
  Draft draft;
  draft.kind = Kind::kSupporterMessage;
  draft.trajectory = id;
  if (!conversation.messages.empty()) draft.thread = conversation.messages.front().record;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = {Category::kFamily};
  draft.references = {conversation.guest};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return draft;
}

Result<std::vector<Sent>> SupporterService::Write(const TrajectoryId& id, const std::vector<RecordId>& supporters,
                                                  const std::string& text, const Audience& audience,
                                                  const Caller& caller) {
  if (supporters.empty()) return Fail(Code::kInvalid, "supporter.to", "supporters", "name at least one supporter");
  if (supporters.size() > kAtOnceMax) {
    return Fail(Code::kLimit, "supporter.many", "supporters", "write to at most 30 at once");
  }
  SCHAKEL_ASSIGN(const auto all, List(id));
  std::vector<Draft> drafts;
  std::set<RecordId> once;
  for (const RecordId& guest : supporters) {
    if (!once.insert(guest).second) continue;
    const auto found = std::ranges::find(all, guest, &Standing::guest);
    if (found == all.end()) {
      return Fail(Code::kNotFound, "supporter.unknown", "supporters", "see which there are: schakel supporters list");
    }
    if (found->link != GuestService::State::kHolds) {
      return Fail(Code::kConflict, "supporter.no_link", "supporters",
                  "make a personal link first: schakel tables guest-link");
    }
    SCHAKEL_ASSIGN(const CaseSupporter conversation, ConversationOf(id, guest));
    SCHAKEL_ASSIGN(Draft draft, DraftOf(id, conversation, {text, {}, caller.person.name, false}));
    drafts.push_back(std::move(draft));
  }
  std::vector<Sent> sent;
  for (Draft& draft : drafts) {
    SCHAKEL_ASSIGN(Sent one, Send(engine_, std::move(draft), {}, audience));
    sent.push_back(std::move(one));
    // What keeps one back keeps back all.
    if (sent.back().outcome != Sent::Outcome::kSent) break;
  }
  return sent;
}

Status SupporterService::CheckSupporter(const GuestService::Visit& visit) {
  SCHAKEL_ASSIGN(const Meeting meeting, guests_.Live(visit));
  return IsSupporterOf(meeting, visit.guest) ? Status() : NoSupporter();
}

Result<std::vector<SupporterService::Said>> SupporterService::Read(const GuestService::Visit& visit) {
  SCHAKEL_TRY(CheckSupporter(visit));
  SCHAKEL_ASSIGN(const CaseSupporter conversation, ConversationOf(visit.trajectory, visit.guest));
  std::vector<RecordId> ids;
  for (const CaseSupporter::Message& one : conversation.messages) ids.push_back(one.record);
  if (ids.empty()) return std::vector<Said>{};
  SCHAKEL_ASSIGN(const Glance glance, guests_.Read(visit, ids));
  std::vector<Said> said;
  for (const CaseSupporter::Message& one : conversation.messages) {
    if (const auto* body = glance.Find<SupporterMessageBody>(one.record)) said.push_back({*body, one.at});
  }
  return said;
}

Result<Sent> SupporterService::Answer(const GuestService::Visit& visit, const std::string& text,
                                      std::chrono::milliseconds patience) {
  SCHAKEL_TRY(CheckSupporter(visit));
  SCHAKEL_ASSIGN(const CaseSupporter conversation, ConversationOf(visit.trajectory, visit.guest));
  std::size_t unanswered = 0;
  for (const CaseSupporter::Message& one : conversation.messages) unanswered = one.by_supporter ? unanswered + 1 : 0;
  if (unanswered >= kUnansweredMax) {
    return Fail(Code::kLimit, "supporter.wait", "text", "wait for an answer, or call");
  }
  SCHAKEL_ASSIGN(Draft draft, DraftOf(visit.trajectory, conversation, {text, {}, {}, true}));
  Audience audience;
  audience.named = AlongWith(engine_, conversation);
  audience.accept_unreached = true;
  audience.patience = patience;
  return Send(engine_, std::move(draft), {}, audience);
}

}  // namespace schakel
