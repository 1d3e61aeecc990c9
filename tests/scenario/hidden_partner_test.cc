// Two worlds at real hubs, alike but for one thing: in one of them an organisation takes part in the trajectory that a
// member may not know of; in the other it does the same on a trajectory of its own. Whatever the member can get from
// the hub must be the same in both, byte counts and places in the log included. How long answers take must not tell the
// two apart either, as far as a busy machine lets one see that: over several rounds, of which one suffices.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "support/real_region.h"

namespace schakel::testing {
namespace {

// A round of questions tells the worlds apart when one world's answers are slower with hardly a doubt (a standard
// score) and by a good part (of the medians). Whatever else the machine does passes, and what the hub gives away does
// not: it would show in every round, on the same side.
constexpr int kQuestions = 120;
constexpr int kRounds = 8;
constexpr double kScoreBound = 5;
constexpr double kRatioBound = 1.25;

// What a member sees, with whatever is drawn anew in each world taken out.
struct Sight {
  std::vector<std::string> seen;
};

class World {
 public:
  explicit World(bool hidden) : hidden_(hidden), region_({}, {&lead_, &member_, &other_}) {
    for (RawMember* one : {&lead_, &member_, &other_}) {
      if (!one->Connect(region_.hub().address())) throw std::runtime_error("no connection");
    }
    ours_ = Open();
    elsewhere_ = Open();
    Join(member_, ours_);
    Join(other_, hidden ? ours_ : elsewhere_);
    for (RawMember* one : {&lead_, &other_}) ReadAll(*one);
    for (int i = 0; i < 20; ++i) {
      const TrajectoryId& where = hidden_ ? ours_ : elsewhere_;
      Say(lead_, where, {&other_});
      Say(other_, where, {&lead_});
      Say(lead_, ours_, {&member_});
      Say(lead_, ours_, {&member_, &other_});
    }
  }

  Sight Look() {
    Sight sight;
    // Naming the other as a recipient, as if one had guessed.
    Header note = member_.NewHeader(Kind::kNote, ours_);
    Name(note.id, "own note");
    const Outcome outcome = OutcomeOf(note, {lead_.AsRecipient(), other_.AsRecipient()});
    for (const RoutingRefusal& refusal : outcome.refused) {
      sight.seen.push_back("refused " + refusal.recipient.value() + " " + std::string(Slug(refusal.reason)));
    }
    sight.seen.push_back("sequence " + std::to_string(outcome.sequence.value()));
    // Statements about it: showing, removing, granting.
    Header show = member_.NewHeader(Kind::kMemberShow, ours_);
    show.control = MemberShow{other_.id(), member_.id()};
    sight.seen.push_back(RuleOf(show));
    Header give = member_.NewHeader(Kind::kGrantGive, ours_);
    give.control = Grant(other_.id(), Basis::kEmergency);
    sight.seen.push_back(RuleOf(give));
    // The feed, whole.
    member_.Send(Feed{FeedPosition(0), 1024});
    while (auto items = member_.Await<FeedItems>()) {
      for (const FeedItem& item : items->items) sight.seen.push_back("feed " + Describe(item));
      if (items->items.empty()) {
        sight.seen.push_back("feed ends at " + std::to_string(items->last.value()));
        break;
      }
    }
    // Who saw what: in pages of different sizes.
    for (const std::uint64_t limit : {3, 7, 1024}) {
      Sequence after;
      for (bool more = true; more;) {
        member_.Send(AccessQuery{ours_, {}, after, limit});
        const auto reply = member_.Await<AccessReply>();
        if (!reply) throw std::runtime_error("no answer");
        sight.seen.push_back("page " + std::to_string(reply->evidence.entries.size()) + " of " + std::to_string(limit) +
                             ", " + std::to_string(reply->evidence.witnesses.size()));
        for (const ProvenEntry& proven : reply->evidence.entries) {
          after = DecodeEntry(proven.entry).value().sequence;
          sight.seen.push_back("entry at " + std::to_string(after.value()) + " " + std::to_string(proven.entry.size()) +
                               " " + std::to_string(proven.proof.size()) + (proven.place ? " in a slot" : "") +
                               (proven.opening ? " " + std::to_string(proven.opening->number) : std::string()));
        }
        more = reply->more;
      }
    }
    // Every entry of the log, asked for by number.
    for (std::uint64_t sequence = 1; sequence <= 60; ++sequence) {
      member_.Send(ProveInclusion{Sequence(sequence), 60});
      const auto proof = member_.Await<ProofReply>();
      sight.seen.push_back(proof ? "shown " + std::to_string(proof->entry.size()) : "nothing");
    }
    // What is handed over as it is said, and how far the log came.
    for (int i = 0; i < 5; ++i) {
      Say(lead_, ours_, {&member_, &other_});
      const auto items = member_.Await<FeedItems>();
      if (!items || items->items.empty()) throw std::runtime_error("nothing was handed over");
      for (const FeedItem& item : items->items) sight.seen.push_back("live " + Describe(item));
    }
    member_.Send(ProveConsistency{0, 0});
    const auto head = member_.Await<ProofReply>();
    if (!head) throw std::runtime_error("no head");
    // The second line of a checkpoint.
    const std::size_t line = head->checkpoint.find('\n') + 1;
    sight.seen.push_back("log of " + head->checkpoint.substr(line, head->checkpoint.find('\n', line) - line));
    asked_about_ = note.id;
    return sight;
  }
  // Of one question, in microseconds.
  double TimeAnAnswer() {
    const auto began = std::chrono::steady_clock::now();
    member_.Send(AccessQuery{ours_, asked_about_, {}, 16});
    if (!member_.Await<AccessReply>()) throw std::runtime_error("no answer");
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count();
  }

 private:
  TrajectoryId Open() {
    const auto trajectory = SystemRandom().Draw<TrajectoryId>();
    Header open = lead_.NewHeader(Kind::kTrajectoryOpen, trajectory);
    open.control = TrajectoryOpen();
    lead_.Say(open);
    return trajectory;
  }
  // From the start, until the hub says that this is all; from then on it is handed what comes.
  static void ReadAll(RawMember& reader) {
    reader.Send(Feed{FeedPosition(0), 1024});
    while (const auto items = reader.Await<FeedItems>()) {
      if (items->items.empty()) return;
    }
    throw std::runtime_error("the feed does not end");
  }
  static GrantGive Grant(const OrgId& recipient, Basis basis = Basis::kConsent) {
    GrantGive terms;
    terms.recipient = recipient;
    terms.purposes = {Purpose::kCareCoordination};
    terms.categories = {Category::kSchool};
    terms.begins_at = SystemClock().Now() - std::chrono::hours(1);
    terms.ends_at = SystemClock().Now() + std::chrono::hours(24);
    terms.basis = basis;
    if (basis == Basis::kEmergency) {
      terms.grantor = Grantor::kProfessional;
      terms.evidence = Sha256(AsBytes("reason"));
    }
    return terms;
  }
  void Join(RawMember& whom, const TrajectoryId& trajectory) {
    Header invite = lead_.NewHeader(Kind::kMemberInvite, trajectory);
    invite.control = MemberInvite{whom.id(), SystemClock().Now() + std::chrono::hours(24)};
    lead_.Say(invite, {whom.AsRecipient()});
    Header join = whom.NewHeader(Kind::kMemberJoin, trajectory);
    join.control = MemberJoin{invite.id};
    whom.Say(join, {lead_.AsRecipient()});
    for (const OrgId& recipient : {whom.id(), lead_.id()}) {
      Header grant = lead_.NewHeader(Kind::kGrantGive, trajectory);
      grant.control = Grant(recipient);
      lead_.Say(grant, recipient == whom.id() ? std::vector{whom.AsRecipient()} : std::vector<RecipientKey>{});
    }
  }
  void Say(RawMember& author, const TrajectoryId& trajectory, const std::vector<RawMember*>& to) {
    std::vector<RecipientKey> recipients;
    for (const RawMember* one : to) recipients.push_back(one->AsRecipient());
    const Header note = author.NewHeader(Kind::kNote, trajectory);
    Name(note.id, "note");
    author.Say(note, recipients);
  }
  // What the hub says to the member's record.
  Outcome OutcomeOf(const Header& header, const std::vector<RecipientKey>& recipients) {
    const auto ack = member_.Submit({{header, recipients}});
    if (!ack || ack->outcomes.size() != 1) throw std::runtime_error("the hub said nothing to a record");
    return ack->outcomes[0];
  }
  std::string RuleOf(const Header& header) {
    const Outcome outcome = OutcomeOf(header, {});
    return outcome.error ? ToText(*outcome.error) : "taken";
  }
  void Name(const RecordId& id, const std::string& name) { names_[id] = name + " " + std::to_string(names_.size()); }
  std::string Describe(const FeedItem& item) {
    const Entry entry = DecodeEntry(item.delivery).value();
    const auto& delivery = std::get<DeliveryEntry>(entry.body);
    std::string text = std::to_string(delivery.position.value()) + " at " + std::to_string(entry.sequence.value()) +
                       " of " + std::to_string(delivery.record_sequence.value()) + " bytes " +
                       std::to_string(item.delivery.size()) + (item.place ? " in a slot" : "");
    if (item.content) {
      text += " " + std::to_string(item.content->entry.size()) + " " + std::to_string(item.content->ciphertext.size());
    }
    return text;
  }

  const bool hidden_;
  RawMember lead_{"lead", "youth-care"};
  RawMember member_{"member", "youth-care"};
  RawMember other_{"other", "youth-care"};
  RealRegion region_;
  TrajectoryId ours_;
  TrajectoryId elsewhere_;
  RecordId asked_about_;
  std::map<RecordId, std::string> names_;
};

// Mann and Whitney's U as a standard score: far from 0, and the two samples are told apart.
double ScoreOf(const std::vector<double>& a, const std::vector<double>& b) {
  double wins = 0;
  for (const double x : a) {
    for (const double y : b) wins += x > y ? 1.0 : x == y ? 0.5 : 0.0;
  }
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  return (wins - n * m / 2) / std::sqrt(n * m * (n + m + 1) / 12);
}

double MedianOf(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

struct Round {
  std::vector<double> with, without;
};
// In pairs, now the one first and now the other, so that whatever else the machine does slows both alike.
Round AskInPairs(World& hidden, World& alone, std::mt19937& dice) {
  Round round;
  for (int i = 0; i < kQuestions; ++i) {
    const bool hidden_first = dice() % 2 == 0;
    if (hidden_first) round.with.push_back(hidden.TimeAnAnswer());
    round.without.push_back(alone.TimeAnAnswer());
    if (!hidden_first) round.with.push_back(hidden.TimeAnAnswer());
  }
  return round;
}

TEST(HiddenPartnerTest, AMemberSeesTheSameWhetherOrNotSomebodyHiddenTakesPart) {
  World hidden(true), alone(false);
  const Sight with = hidden.Look();
  const Sight without = alone.Look();
  EXPECT_EQ(with.seen, without.seen);
  EXPECT_GT(with.seen.size(), 100U);
  EXPECT_EQ(with.seen[0], "refused other not-member");
  const auto seed = std::random_device()();
  std::printf("order of the questions: seed %u\n", seed);
  std::mt19937 dice(seed);
  std::set<int> sides;  // Of the rounds so far: which world was the slower one; 0: neither.
  double score = 0;
  for (int round = 0; round < kRounds && sides.size() < 2 && !sides.contains(0); ++round) {
    const Round times = AskInPairs(hidden, alone, dice);
    score = ScoreOf(times.with, times.without);
    const double hidden_us = MedianOf(times.with);
    const double alone_us = MedianOf(times.without);
    std::printf("answers, %d each: median %.0f us with, %.0f us without a hidden partner; Mann-Whitney z = %.2f\n",
                kQuestions, hidden_us, alone_us, score);
    const bool apart =
        std::abs(score) > kScoreBound && std::max(hidden_us, alone_us) > kRatioBound * std::min(hidden_us, alone_us);
    sides.insert(!apart ? 0 : score > 0 ? 1 : -1);
  }
  EXPECT_TRUE(sides.contains(0) || sides.size() > 1) << "every round tells the worlds apart, on the same side";
  RecordProperty("hidden_partner_z", std::to_string(score));
}

}  // namespace
}  // namespace schakel::testing
