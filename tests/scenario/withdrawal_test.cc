// Consent is withdrawn at a real hub: from its acknowledgement on, not one further byte of content reaches the partner,
// wherever that content was: in the log, waiting for credit, in a library's queue or in the kernel's.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "agents/services.h"
#include "hub_log.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

class WithdrawalTest : public ::testing::Test {
 protected:
  WithdrawalTest()
      : lead_("lead", "youth-care"), partner_("partner", "school-support"), region_({}, {&lead_, &partner_}) {
    trajectory_ = SystemRandom().Draw<TrajectoryId>();
    const HubAddress& hub = region_.hub().address();
    if (!lead_.Connect(hub) || !partner_.Connect(hub)) throw std::runtime_error("no connection");
    Header open = lead_.NewHeader(Kind::kTrajectoryOpen, trajectory_);
    open.control = TrajectoryOpen();
    lead_.Say(open);
    const Timestamp later = SystemClock().Now() + std::chrono::hours(24);
    Header invite = lead_.NewHeader(Kind::kMemberInvite, trajectory_);
    invite.control = MemberInvite{partner_.id(), later};
    lead_.Say(invite);
    Header join = partner_.NewHeader(Kind::kMemberJoin, trajectory_);
    join.control = MemberJoin{invite.id};
    partner_.Say(join);
    Header grant = lead_.NewHeader(Kind::kGrantGive, trajectory_);
    GrantGive terms;
    terms.recipient = partner_.id();
    terms.purposes = {Purpose::kCareCoordination};
    terms.categories = {Category::kSchool};
    terms.begins_at = SystemClock().Now() - std::chrono::hours(1);
    terms.ends_at = later;
    grant.control = terms;
    lead_.Say(grant);
    grant_ = grant.id;
    partner_.Disconnect();
  }
  // Notes for the partner; each acknowledged, and each routed to it.
  void Write(int count, std::size_t body_bytes = 500) {
    for (int i = 0; i < count; ++i) {
      const Header note = lead_.NewHeader(Kind::kNote, trajectory_);
      const auto ack = lead_.Submit({{note, {partner_.AsRecipient()}}}, body_bytes);
      ASSERT_TRUE(ack && !ack->outcomes.at(0).error && ack->outcomes[0].refused.empty());
      notes_.push_back(note.id);
      ++written_;
    }
  }
  // Of how many notes the lead is told now that this is what became of them at the partner.
  int CountAtPartner(AccessRow::What what) {
    std::vector<Entry> entries;
    AccessQuery query;
    query.trajectory = trajectory_;
    query.limit = 1024;
    for (bool more = true; more;) {
      EXPECT_TRUE(lead_.Send(query));
      const auto reply = lead_.Await<AccessReply>();
      EXPECT_TRUE(reply) << "no answer";
      if (!reply || reply->evidence.entries.empty()) break;
      for (const ProvenEntry& proven : reply->evidence.entries) entries.push_back(DecodeEntry(proven.entry).value());
      query.after = entries.back().sequence;
      more = reply->more;
    }
    return static_cast<int>(std::ranges::count_if(notes_, [&](const RecordId& note) {
      const auto rows = RowsOf(entries, note, [](const Id128&) { return std::nullopt; });
      return std::ranges::any_of(
          rows, [&](const AccessRow& row) { return row.organisation == partner_.id() && row.what == what; });
    }));
  }
  // Yields its sequence, once the hub has acknowledged it.
  Sequence Withdraw() {
    Header withdraw = lead_.NewHeader(Kind::kGrantWithdraw, trajectory_);
    withdraw.control = GrantWithdraw{grant_};
    return lead_.Say(withdraw);
  }

  struct Came {
    std::uint64_t last = 0;  // Position.
    int content = 0;
    int marks = 0;                        // Without content.
    std::size_t content_bytes_until = 0;  // How many bytes were read when the last content was whole.
  };
  static void Count(const FeedItems& items, std::size_t bytes_read, Came& came) {
    for (const FeedItem& item : items.items) {
      const Entry entry = DecodeEntry(item.delivery).value();
      const auto& delivery = std::get<DeliveryEntry>(entry.body);
      EXPECT_EQ(delivery.position.value(), came.last + 1) << "a gap in the feed";
      came.last = delivery.position.value();
      EXPECT_FALSE(delivery.withheld && item.content);
      ++(item.content ? came.content : came.marks);
      if (item.content) came.content_bytes_until = bytes_read;
    }
  }
  // Until the feed's end, or that of the connection.
  void ReadOn(Came& came) {
    while (auto items = partner_.Await<FeedItems>()) {
      Count(*items, partner_.wire().bytes_read(), came);
      if (items->items.empty() || came.last >= items->last.value()) break;
    }
  }
  // Comes back and asks for everything: what was read once is not handed over once more either.
  void ExpectOnlyMarksFromTheStart() {
    ASSERT_TRUE(partner_.Connect(region_.hub().address()));
    ASSERT_TRUE(partner_.Send(Feed{FeedPosition(0), 4096}));
    Came again;
    // What has no place in the feed yet gets one as this is read: the feed grows meanwhile.
    while (again.marks < written_) {
      const auto items = partner_.Await<FeedItems>();
      if (!items) break;
      Count(*items, 0, again);
    }
    EXPECT_LE(again.content, statements_);
    EXPECT_GE(again.marks, written_);
  }
  // Comes back and asks for all that is left: no content is among it.
  void ExpectOnlyMarksAreLeft(Came before) {
    Came after{before.last};
    ASSERT_TRUE(partner_.Connect(region_.hub().address()));
    ASSERT_TRUE(partner_.Send(Feed{FeedPosition(before.last), 4096}));
    ReadOn(after);
    // Statements about oneself are no content of the case: the grant's end is said, with the rest withheld.
    EXPECT_LE(after.content, 1);
    EXPECT_GT(after.marks, 0);
    ExpectOnlyMarksFromTheStart();
    lead_.Disconnect();
    partner_.Disconnect();
    region_.Stop();
    region_.hub().Verify();
  }

  static constexpr int statements_ = 4;  // About the partner itself: nobody's content.
  RawMember lead_;
  RawMember partner_;
  RealRegion region_;
  TrajectoryId trajectory_;
  RecordId grant_;
  int written_ = 0;
  std::vector<RecordId> notes_;  // Those of Write().
};

TEST_F(WithdrawalTest, WhileThePartnerIsAway) {
  Write(50);
  Withdraw();
  ExpectOnlyMarksAreLeft({});
}

TEST_F(WithdrawalTest, WhileThePartnerHasNoCreditLeft) {
  ASSERT_TRUE(partner_.Connect(region_.hub().address()));
  Write(50);
  ASSERT_TRUE(partner_.Send(Feed{FeedPosition(0), 10}));
  Came came;
  while (came.last < 10) {
    const auto items = partner_.Await<FeedItems>();
    ASSERT_TRUE(items);
    Count(*items, 0, came);
  }
  EXPECT_GT(came.content, 5);
  Withdraw();
  const int before = came.content;
  ASSERT_TRUE(partner_.Connect(region_.hub().address()));
  ASSERT_TRUE(partner_.Send(Feed{FeedPosition(came.last), 4096}));
  ReadOn(came);
  EXPECT_LE(came.content, before + 1) << "content after the acknowledgement";
  EXPECT_GE(came.marks, 40);
  partner_.Disconnect();
  ExpectOnlyMarksAreLeft({});
}

// An agent that was away offers what it wrote and the end of the grant at once. Nothing leaves; and whoever asks later
// who got what is not told that the partner did, neither by the answer nor by the file that goes along.
TEST_F(WithdrawalTest, TogetherWithTheContent) {
  ASSERT_TRUE(partner_.Connect(region_.hub().address()));
  ASSERT_TRUE(partner_.Send(Feed{FeedPosition(0), 4096}));
  Came came;
  ReadOn(came);
  const Header note = lead_.NewHeader(Kind::kNote, trajectory_);
  Header withdraw = lead_.NewHeader(Kind::kGrantWithdraw, trajectory_);
  withdraw.control = GrantWithdraw{grant_};
  const auto ack = lead_.Submit({{note, {partner_.AsRecipient()}}, {withdraw, {partner_.AsRecipient()}}});
  ASSERT_TRUE(ack && !ack->outcomes.at(0).error && !ack->outcomes.at(1).error);
  EXPECT_TRUE(ack->outcomes[0].refused.empty()) << "it was routed";
  ++written_;
  const int before = came.content;
  while (came.marks == 0) {
    const auto items = partner_.Await<FeedItems>();
    ASSERT_TRUE(items);
    Count(*items, 0, came);
  }
  EXPECT_LE(came.content, before + 1) << "more than the statement";

  const auto asked = [&](RawMember& member) {
    AccessQuery query;
    query.trajectory = trajectory_;
    query.record = note.id;
    EXPECT_TRUE(member.Send(query));
    const auto reply = member.Await<AccessReply>();
    std::vector<AccessRow> rows;
    if (!reply) return rows;
    std::vector<Entry> entries;
    for (const ProvenEntry& proven : reply->evidence.entries) entries.push_back(DecodeEntry(proven.entry).value());
    rows = RowsOf(entries, note.id, [](const Id128&) { return std::nullopt; });
    std::erase_if(rows, [&](const AccessRow& row) { return row.organisation != partner_.id(); });
    std::erase_if(rows, [](const AccessRow& row) { return row.what == AccessRow::What::kAsked; });
    return rows;
  };
  // The log is told in the commit after the one that told the partner.
  EXPECT_TRUE(WaitUntil([&] {
    const auto rows = asked(lead_);
    return rows.size() == 1 && rows[0].what == AccessRow::What::kWithheld;
  }));
  const auto rows = asked(partner_);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].what, AccessRow::What::kWithheld);
  EXPECT_EQ(rows[0].denial, Denial::kWithdrawn);
  partner_.Disconnect();
  ExpectOnlyMarksFromTheStart();
}

// Content fills every queue on its way: the library's, and both kernels'. What had not reached the partner's side when
// the withdrawal was acknowledged never does.
TEST_F(WithdrawalTest, WhileThePartnerDoesNotRead) {
  ASSERT_TRUE(partner_.Connect(region_.hub().address(), 32 << 10));
  ASSERT_TRUE(partner_.Send(Feed{FeedPosition(0), 4096}));
  Write(120, 150'000);
  ASSERT_GT(partner_.wire().Waiting(), 10'000U) << "nothing is on its way";
  Withdraw();
  const std::size_t reached = partner_.wire().bytes_read() + partner_.wire().Waiting();
  Came came;
  while (auto items = partner_.Await<FeedItems>()) Count(*items, partner_.wire().bytes_read(), came);
  EXPECT_LE(came.content_bytes_until, reached) << "content came over the wire after the acknowledgement";
  EXPECT_LT(came.content, 100) << "the queues were never full";
  std::printf("%d of %d notes had reached the partner (%zu bytes)\n", came.content, written_, reached);
  ExpectOnlyMarksAreLeft(came);
}

// The partner stops reading, and is never seen again. What stood in the log for it and had not left when the hub was
// stopped is withheld in every answer once consent is withdrawn; what had been given to its connection is not.
TEST_F(WithdrawalTest, AfterARestartAndWithoutThePartner) {
  ASSERT_TRUE(partner_.Connect(region_.hub().address(), 32 << 10));
  ASSERT_TRUE(partner_.Send(Feed{FeedPosition(0), 4096}));
  Write(120, 150'000);
  ASSERT_GT(partner_.wire().Waiting(), 10'000U) << "nothing is on its way";
  lead_.Disconnect();
  ASSERT_EQ(region_.hub().process().Terminate(), 0);
  partner_.Disconnect();
  region_.hub().Start();
  ASSERT_TRUE(lead_.Connect(region_.hub().address()));
  const int before = CountAtPartner(AccessRow::What::kHandedOver);
  EXPECT_GT(before, 5);
  EXPECT_LT(before, written_) << "the queues were never full";
  EXPECT_EQ(CountAtPartner(AccessRow::What::kWithheld), 0);
  Withdraw();
  EXPECT_TRUE(WaitUntil([&] { return CountAtPartner(AccessRow::What::kWithheld) > 0; }));
  const int withheld = CountAtPartner(AccessRow::What::kWithheld);
  EXPECT_EQ(CountAtPartner(AccessRow::What::kHandedOver), before - withheld);
  ExpectOnlyMarksFromTheStart();
  EXPECT_GT(CountAtPartner(AccessRow::What::kWithheld), withheld) << "and what had no place in the feed yet";
}

// Read as quickly as it comes, while more is written and consent is withdrawn.
TEST_F(WithdrawalTest, WhileThePartnerReadsUnderLoad) {
  ASSERT_TRUE(partner_.Connect(region_.hub().address()));
  ASSERT_TRUE(partner_.Send(Feed{FeedPosition(0), 4096}));
  std::atomic<bool> acknowledged = false;
  std::atomic<int> received = 0;
  Came came;
  int late = 0;
  std::thread reader([&] {
    while (true) {
      const bool after = acknowledged;
      const auto items = partner_.Await<FeedItems>();
      if (!items) break;
      const int before = came.content;
      Count(*items, 0, came);
      received = came.content;
      if (after) late += came.content - before;
    }
  });
  Write(300, 20'000);
  EXPECT_TRUE(WaitUntil([&] { return received > 100; }));
  Header note = lead_.NewHeader(Kind::kNote, trajectory_);
  Withdraw();
  // What is in the partner's own buffer had reached it before.
  EXPECT_TRUE(WaitUntil([&] { return partner_.wire().Waiting() == 0; }));
  acknowledged = true;
  for (int i = 0; i < 50; ++i) {
    const auto ack = lead_.Submit({{lead_.NewHeader(Kind::kNote, trajectory_), {partner_.AsRecipient()}}});
    ASSERT_TRUE(ack && ack->outcomes.at(0).refused.size() == 1) << "it was routed after the withdrawal";
  }
  reader.join();
  EXPECT_LE(late, 1) << "content after the acknowledgement";
  EXPECT_GT(came.content, 100);
  ExpectOnlyMarksFromTheStart();
}

}  // namespace
}  // namespace schakel::testing
