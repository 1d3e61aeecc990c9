// Young person and mother, invited to a round table by who leads; links, and what the audit tells of them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "agents/guests.h"
#include "agents/inquiry.h"
#include "agents/report.h"
#include "support/meeting_world.h"

namespace schakel::test {

inline constexpr const char* kGuestAddress = "192.0.2.7";

class GuestsTest : public MeetingsTest {
 protected:
  GuestService guests{wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random};
  AuditService audit{wissel.engine};
  Reading reading{wissel.engine, leuven.region.clock};
  InquiryService inquiry{wissel.engine, wissel.cases, audit, leuven.region.clock};
  ReportService report{wissel.engine, wissel.cases, audit, reading, leuven.region.clock};
  const Caller nora{{"Nora", StaffRole::kWorker}, ViewReason::kTask};
  const Caller auditor{{"Zoë", StaffRole::kAuditor}, ViewReason::kAudit};
  const RecordId table = Propose(Dates());
  const RecordId sam = Guest(table, Speaker::kYoungPerson);
  const RecordId mother = Guest(table, Speaker::kMother, "Mama Els");

  std::string Link(const RecordId& guest) { return guests.Make(table, guest, {}, nora).value().secret; }
  GuestService::Visit In(const std::string& link) {
    return guests.Who(guests.Enter(link, kGuestAddress).value().session).value();
  }
  std::string RuleOfEntering(const std::string& link) {
    const auto entered = guests.Enter(link, kGuestAddress);
    return entered ? "" : entered.error().rule;
  }
  std::vector<std::string> Events() {
    std::vector<std::string> whats;
    const auto overview = guests.Show(table).value();
    for (const auto& event : overview.events) whats.emplace_back(event.what);
    return whats;
  }
  GuestService::State StateOf(const RecordId& guest) {
    const auto overview = guests.Show(table).value();
    return std::ranges::find(overview.guests, guest, &GuestService::Standing::guest)->state;
  }
  void Advance(std::chrono::milliseconds by) { leuven.region.clock.Advance(by); }
  std::vector<AccessRow> Audited(Question question, const std::string& person = {}) {
    Inquiry asked;
    asked.question = question;
    asked.trajectory = trajectory;
    asked.person = person;
    auto findings = inquiry.Ask(asked, auditor, std::chrono::seconds(1));
    EXPECT_TRUE(findings) << ToText(findings.error());
    return findings ? findings->rows : std::vector<AccessRow>{};
  }
  // "link-opened young-person Sam (gast ..)", of links and of what guests did; each once.
  static std::set<std::string> OfGuests(const std::vector<AccessRow>& rows) {
    std::set<std::string> told;
    for (const AccessRow& row : rows) {
      const std::string what(Slug(row.what));
      if (!row.guest && !what.starts_with("link-")) continue;
      EXPECT_FALSE(row.guest && row.role) << "not in the role of a worker";
      EXPECT_FALSE(row.task && row.guest);
      told.insert(what + (row.guest ? " " + std::string(Slug(*row.guest)) : "") + " " + row.person.value_or("?"));
    }
    return told;
  }
  void NameByRole() {
    RulesStatement rules;
    rules.rules.names_by_role = true;
    rules.issued_at = leuven.region.clock.Now();
    leuven.region.Apply(rules);
  }
};

}  // namespace schakel::test
