#include "people/people.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "people/totp.h"
#include "support/fake_engine.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::Leuven;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr const char* kPassword = "vier gewone woorden na elkaar";
constexpr const char* kOther = "iets heel anders deze keer";
constexpr const char* kHere = "192.0.2.7";

const PeopleOptions kCheap = {.hash_passes = 1, .hash_memory_bytes = 8192};

TotpSecret SecretOf(const std::string& base32) {
  TotpSecret secret{};
  std::uint64_t buffer = 0;
  unsigned bits = 0;
  std::size_t at = 0;
  for (const char c : base32) {
    buffer = (buffer << 5) | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits >= 8 && at < secret.size()) {
      bits -= 8;
      secret[at++] = static_cast<std::uint8_t>(buffer >> bits);
    }
  }
  return secret;
}

// ---- Codes ----
TEST(Totp, GivesTheCodesOfTheStandard) {
  TotpSecret secret{};
  std::copy_n("12345678901234567890", 20, secret.begin());
  struct Case {
    std::uint64_t unix_seconds;
    const char* code;  // RFC 6238 appendix B, the last six digits.
  };
  const Case cases[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const Case& c : cases) EXPECT_EQ(TotpCode(secret, c.unix_seconds / 30), c.code) << c.unix_seconds;
}

TEST(Totp, ACodeCountsAStepEarlyAndLateAndOnce) {
  TotpSecret secret{};
  secret.fill(7);
  const Timestamp now = FromMillis(1'790'000'010'000);
  const std::uint64_t step = TotpStepAt(now);
  for (const int off : {-2, -1, 0, 1, 2}) {
    const std::uint64_t of = step + static_cast<std::uint64_t>(off);
    const auto accepted = AcceptTotp(secret, TotpCode(secret, of), now, 0);
    EXPECT_EQ(accepted.has_value(), off >= -1 && off <= 1) << off;
    if (accepted) {
      EXPECT_EQ(*accepted, of);
    }
  }
  EXPECT_FALSE(AcceptTotp(secret, TotpCode(secret, step), now, step)) << "used";
  EXPECT_FALSE(AcceptTotp(secret, TotpCode(secret, step - 1), now, step)) << "older than the one used";
  EXPECT_TRUE(AcceptTotp(secret, TotpCode(secret, step + 1), now, step));
  EXPECT_FALSE(AcceptTotp(secret, "", now, 0));
  EXPECT_FALSE(AcceptTotp(secret, TotpCode(secret, step) + "0", now, 0));
}

TEST(Totp, TheSecretIsShownAsAppsReadIt) {
  TotpSecret secret{};
  std::copy_n("12345678901234567890", 20, secret.begin());
  EXPECT_EQ(ToBase32(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(ToBase32(AsBytes("fooba")), "MZXW6YTB");
  EXPECT_EQ(ToBase32(AsBytes("foob")), "MZXW6YQ") << "without padding";
  EXPECT_THAT(OtpauthUri("Schakel De Wissel", "nora", secret),
              HasSubstr("otpauth://totp/Schakel%20De%20Wissel:nora?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer="));
}

// ---- Passwords ----
TEST(Passwords, LengthCountsAndWhatEverybodyTriesDoesNot) {
  struct Case {
    const char* name;
    std::string password;
    const char* rule;  // Null: good enough.
  };
  const Case cases[] = {
      {"four words", "paard batterij nietje juist", nullptr},
      {"twelve, no rules about which", "kwgzhpmvtbqd", nullptr},
      {"eleven", "kwgzhpmvtbq", "password.short"},
      {"twelve of two bytes", "éèàùçëïöüâêî", nullptr},
      {"eleven of two bytes", "éèàùçëïöüâê", "password.short"},
      {"256 bytes", "x1" + std::string(253, 'y') + "z", nullptr},
      {"257 bytes", "x1" + std::string(254, 'y') + "z", "password.long"},
      {"no text", "abcdefghijkl\xff", "password.text"},
      {"common", "correcthorsebatterystaple", "password.common"},
      {"common in capitals", "Wachtwoord123", "password.common"},
      {"one key", "aaaaaaaaaaaaaa", "password.common"},
      {"a few keys", "abcabcabcabcabc", "password.common"},
      {"a row up", "abcdefghijklmn", "password.common"},
      {"a row down", "987654321098765", "password.common"},
      {"the name and little more", "nora.peeters1", "password.common"},
      {"the organisation twice", "De WisselDe Wissel", "password.common"},
      {"the name within much more", "nora.peeters houdt van fietsen", nullptr},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Status status = CheckPassword(c.password, {"nora.peeters", "De Wissel"});
    EXPECT_EQ(status ? "" : status.error().rule, c.rule == nullptr ? "" : c.rule);
  }
}

TEST(Passwords, AHashFitsItsPasswordAlone) {
  PasswordHasher hasher({1, 8192});
  const auto hash = hasher.Hash(kPassword);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$"));
  EXPECT_TRUE(hasher.Matches(*hash, kPassword));
  EXPECT_FALSE(hasher.Matches(*hash, kOther));
  EXPECT_FALSE(hasher.Matches("", kPassword)) << "nobody";
  EXPECT_FALSE(hasher.Matches("", "")) << "nobody";
  EXPECT_NE(*hash, *hasher.Hash(kPassword)) << "salted";
  EXPECT_FALSE(hasher.IsOutdated(*hash));
  EXPECT_TRUE(PasswordHasher({2, 8192}).IsOutdated(*hash));
}

TEST(Passwords, ManyAtOnceWaitTheirTurn) {
  PasswordHasher hasher({1, 8192}, 2);
  const std::string hash = hasher.Hash(kPassword).value();
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] { right += hasher.Matches(hash, kPassword) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 16);
}

// ---- Lockout ----
TEST(LockoutTest, WhoGoesOnWaitsEverLonger) {
  test::FakeClock clock(FromMillis(1'790'000'000'000));
  Lockout lockout({.free = 3, .first = seconds(30), .longest = seconds(100)}, clock);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(lockout.Try("nora")) << i;
  for (const int wait : {30, 60, 100, 100}) {
    EXPECT_EQ(lockout.Try("nora"), seconds(wait));
    EXPECT_FALSE(lockout.Try("other " + std::to_string(wait))) << "one key is not the other";
    clock.Advance(seconds(wait) - std::chrono::milliseconds(1));
    EXPECT_EQ(lockout.Try("nora"), seconds(1)) << "a try too early costs nothing more";
    clock.Advance(std::chrono::milliseconds(1));
    EXPECT_FALSE(lockout.Try("nora"));
  }
  lockout.Succeeded("nora", Lockout::Forget::kAll);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(lockout.Try("nora"));
  EXPECT_TRUE(lockout.Try("nora"));
  clock.Advance(hours(25));
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(lockout.Try("nora")) << "forgotten after a day";
}

TEST(LockoutTest, LookingAtItCountsNothing) {
  test::FakeClock clock(FromMillis(1'790'000'000'000));
  Lockout lockout({.free = 1, .first = seconds(10), .longest = seconds(40)}, clock);
  EXPECT_EQ(lockout.Of("a").failures, 0U);
  lockout.Try("a");
  EXPECT_FALSE(lockout.Of("a").wait);
  lockout.Try("a");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(lockout.Of("a").failures, 2U);
    EXPECT_EQ(lockout.Of("a").wait, seconds(10));
  }
  EXPECT_EQ(lockout.Of("b").failures, 0U);
  clock.Advance(seconds(10));
  EXPECT_FALSE(lockout.Of("a").wait) << "it may try now";
  EXPECT_EQ(lockout.Of("a").failures, 2U);
  clock.Advance(hours(24) + seconds(1));
  EXPECT_EQ(lockout.Of("a").failures, 0U) << "forgotten";
}

TEST(LockoutTest, OneWhoSucceedsDoesNotClearTheOthersOfTheAddress) {
  test::FakeClock clock(FromMillis(1'790'000'000'000));
  Lockout lockout({.free = 2, .first = seconds(30)}, clock);
  EXPECT_FALSE(lockout.Try("a"));
  EXPECT_FALSE(lockout.Try("a"));
  lockout.Succeeded("a", Lockout::Forget::kThatOne);
  EXPECT_FALSE(lockout.Try("a"));
  EXPECT_FALSE(lockout.Try("a"));
  EXPECT_TRUE(lockout.Try("a"));
}

TEST(LockoutTest, MemoryIsBoundedAndTheOldestGoes) {
  test::FakeClock clock(FromMillis(1'790'000'000'000));
  Lockout lockout({.free = 0, .first = seconds(3600), .longest = seconds(3600), .keys_max = 3}, clock);
  for (const char* key : {"a", "b", "c", "d"}) {
    EXPECT_FALSE(lockout.Try(key));
    clock.Advance(seconds(1));
  }
  EXPECT_TRUE(lockout.Try("d"));
  EXPECT_TRUE(lockout.Try("b"));
  EXPECT_FALSE(lockout.Try("a")) << "forgotten";
}

TEST(LockoutTest, AnIpv6NetworkIsOneAddress) {
  EXPECT_EQ(AddressKey("2001:db8:1:2::1"), AddressKey("2001:db8:1:2:ffff::9"));
  EXPECT_NE(AddressKey("2001:db8:1:2::1"), AddressKey("2001:db8:1:3::1"));
  EXPECT_EQ(AddressKey("192.0.2.1"), "192.0.2.1");
  EXPECT_NE(AddressKey("::ffff:192.0.2.1"), AddressKey("::ffff:192.0.2.2"));
}

// ---- Accounts ----
RC_GTEST_PROP(AccountRow, ComesBackAsItWas, ()) {
  Account account;
  const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(68, rc::gen::arbitrary<std::uint8_t>());
  Id128 id;
  std::copy_n(bytes.begin(), 16, id.begin());
  account.id = AccountId(id);
  std::copy_n(bytes.begin() + 16, 20, account.totp.begin());
  account.login = "nora";
  account.name = "Zoë";
  account.roles = RoleSet(*rc::gen::inRange<std::uint64_t>(0, 32) & kAllRoles.bits());
  account.state = *rc::gen::element(AccountState::kInvited, AccountState::kActive, AccountState::kDeactivated);
  account.totp_last = *rc::gen::arbitrary<std::uint32_t>();
  account.recovery.resize(*rc::gen::inRange<std::size_t>(0, 11));
  if (*rc::gen::arbitrary<bool>()) {
    account.invitation = Account::Invitation{};
    std::copy_n(bytes.begin() + 36, 32, account.invitation->secret.begin());
    account.invitation->expires_at = FromMillis(*rc::gen::arbitrary<std::uint32_t>());
  }
  account.version = *rc::gen::arbitrary<std::uint32_t>();
  const Bytes row = EncodeAccount(account);
  const auto back = DecodeAccount(row);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == account);
  const auto cut = *rc::gen::inRange<std::size_t>(0, row.size());
  RC_ASSERT(!DecodeAccount(ByteView(row).first(cut)).has_value());
}

class PeopleTest : public ::testing::Test {
 protected:
  Leuven leuven;
  FakeEngine& engine = leuven.youth_care;
  test::FakeClock& clock = leuven.region.clock;
  std::unique_ptr<People> people = Open();
  TotpSecret totp{};
  std::vector<std::string> recovery;

  std::unique_ptr<People> Open(const PeopleOptions& options = kCheap) {
    return People::Open(engine, options, clock, leuven.region.random).value();
  }
  std::string Code(int steps_ahead = 0) const {
    return TotpCode(totp, TotpStepAt(clock.Now()) + static_cast<std::uint64_t>(steps_ahead));
  }
  // An account in use; the code of now is spent.
  People::Entered Nora(RoleSet roles = {StaffRole::kWorker}) {
    const auto invited = people->Invite("nora", "Nora Peeters", roles);
    EXPECT_TRUE(invited);
    totp = SecretOf(people->Look(invited->secret, kHere)->totp_secret);
    auto entered = people->Accept(invited->secret, kPassword, Code(), kHere, "test");
    EXPECT_TRUE(entered) << ToText(entered.error());
    recovery = entered->recovery_codes;
    clock.Advance(minutes(1));
    return *entered;
  }
  std::string LoginRule(const std::string& login, const std::string& password, const std::string& code,
                        const std::string& address = kHere) {
    const auto entered = people->Login(login, password, code, address, "test");
    return entered ? "" : entered.error().rule;
  }
};

TEST_F(PeopleTest, AnInvitationLetsInOnce) {
  const auto invited = people->Invite("Nora", "Nora Peeters", {StaffRole::kWorker});
  ASSERT_TRUE(invited);
  EXPECT_EQ(invited->account.login, "nora");
  EXPECT_EQ(people->Look("x" + invited->secret, kHere).error().rule, "invitation.used");
  const auto setup = people->Look(invited->secret, kHere);
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->name, "Nora Peeters");
  totp = SecretOf(setup->totp_secret);
  EXPECT_EQ(people->Accept(invited->secret, "kort", Code(), kHere, "").error().rule, "password.short");
  EXPECT_EQ(people->Accept(invited->secret, "nora.peeters.nora", Code(), kHere, "").error().rule, "password.common");
  EXPECT_EQ(people->Accept(invited->secret, kPassword, Code(2), kHere, "").error().rule, "login.code");
  const auto entered = people->Accept(invited->secret, kPassword, Code(), kHere, "");
  ASSERT_TRUE(entered) << ToText(entered.error());
  EXPECT_EQ(entered->recovery_codes.size(), 10U);
  EXPECT_TRUE(people->Enter(Pass::Kind::kSession, entered->session.secret));
  EXPECT_EQ(people->Accept(invited->secret, kOther, Code(1), kHere, "").error().rule, "invitation.used");
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "login.refused") << "the code that set it up is spent";
}

TEST_F(PeopleTest, AnInvitationExpires) {
  const auto invited = people->Invite("nora", "Nora Peeters", {StaffRole::kWorker});
  clock.Advance(hours(72) - std::chrono::milliseconds(1));
  EXPECT_TRUE(people->Look(invited->secret, kHere));
  clock.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(people->Look(invited->secret, kHere).error().rule, "invitation.used");
}

TEST_F(PeopleTest, EveryWayToFailLooksTheSame) {
  Nora();
  const auto klaas = people->Invite("klaas", "Klaas Maes", {StaffRole::kWorker});
  ASSERT_TRUE(klaas);
  struct Case {
    const char* name;
    std::string login, password, code;
  };
  const Case cases[] = {
      {"nobody", "niemand", kPassword, Code()},   {"no login at all", "\xff", kPassword, Code()},
      {"wrong password", "nora", kOther, Code()}, {"wrong code", "nora", kPassword, "000000"},
      {"no code", "nora", kPassword, ""},         {"not set up yet", "klaas", "", ""},
  };
  std::optional<Error> first;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto entered = people->Login(c.login, c.password, c.code, kHere, "");
    ASSERT_FALSE(entered);
    if (!first) first = entered.error();
    EXPECT_EQ(entered.error(), *first);
  }
  EXPECT_EQ(LoginRule("NORA", kPassword, Code()), "");
}

TEST_F(PeopleTest, ACodeWorksOnceAlsoAfterARestart) {
  Nora();
  const std::string code = Code();
  EXPECT_EQ(LoginRule("nora", kPassword, code), "");
  people = Open();
  EXPECT_EQ(LoginRule("nora", kPassword, code), "login.refused");
  clock.Advance(kTotpStep);
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "");
}

TEST_F(PeopleTest, ARecoveryCodeStandsInOnce) {
  Nora();
  std::string typed = recovery[3];
  std::ranges::replace(typed, '-', ' ');
  EXPECT_EQ(LoginRule("nora", kPassword, typed), "");
  EXPECT_EQ(LoginRule("nora", kPassword, recovery[3]), "login.refused");
  EXPECT_EQ(people->FindLogin("nora")->recovery.size(), 9U);
  const auto fresh = people->RenewRecoveryCodes(people->FindLogin("nora")->id, kPassword, recovery[4]);
  ASSERT_TRUE(fresh) << ToText(fresh.error());
  EXPECT_EQ(LoginRule("nora", kPassword, recovery[5]), "login.refused") << "the old ones are gone";
  EXPECT_EQ(LoginRule("nora", kPassword, fresh->front()), "");
}

TEST_F(PeopleTest, GuessingLocksTheAccountWhetherOrNotItExists) {
  Nora();
  for (const char* login : {"nora", "niemand"}) {
    SCOPED_TRACE(login);
    const std::string address = std::string("198.51.100.") + (login[1] == 'o' ? "1" : "2");
    for (int i = 0; i < 6; ++i) EXPECT_EQ(LoginRule(login, kOther, "123456", address), "login.refused") << i;
    const auto held = people->Login(login, kPassword, Code(), address, "");
    EXPECT_EQ(held.error().rule, "login.wait");
    EXPECT_EQ(held.error().field, "30");
    EXPECT_EQ(LoginRule(login, kPassword, Code(), "203.0.113.9"), "login.wait") << "from elsewhere too";
  }
  clock.Advance(seconds(30));
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "");
  EXPECT_EQ(LoginRule("nora", kOther, Code()), "login.refused") << "all is forgotten after a success";
}

TEST_F(PeopleTest, AnAddressThatGuessesAtManyIsHeldOff) {
  Nora();
  for (int i = 0; i < 31; ++i) EXPECT_EQ(LoginRule("n" + std::to_string(i), kOther, "1"), "login.refused");
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "login.wait");
  EXPECT_EQ(LoginRule("nora", kPassword, Code(), "203.0.113.9"), "");
}

TEST_F(PeopleTest, DeactivatingEndsEverythingAtOnce) {
  const auto entered = Nora();
  const auto token =
      people->passes().IssueToken(entered.account.id, "script", {StaffRole::kWorker}, false, clock.Now() + hours(1));
  ASSERT_TRUE(token);
  std::vector<PassId> ended;
  people->passes().OnEnded([&](const std::vector<PassId>& ids) { ended.insert(ended.end(), ids.begin(), ids.end()); });
  const Account before = *people->FindLogin("nora");
  ASSERT_TRUE(people->Amend(before.id, before.version, {.state = AccountState::kDeactivated}));
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, entered.session.secret));
  EXPECT_FALSE(people->Enter(Pass::Kind::kToken, token->secret));
  EXPECT_EQ(ended.size(), 2U);
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "login.refused");
  people = Open();
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, entered.session.secret)) << "after a restart";
  const Account now = *people->FindLogin("nora");
  ASSERT_TRUE(people->Amend(now.id, now.version, {.state = AccountState::kActive}));
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "");
}

TEST_F(PeopleTest, AResetLeavesNothingOfBefore) {
  const auto entered = Nora();
  const auto invited = people->Reset(entered.account.id);
  ASSERT_TRUE(invited);
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, entered.session.secret));
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "login.refused");
  EXPECT_EQ(LoginRule("nora", kPassword, recovery[0]), "login.refused");
  EXPECT_NE(people->Look(invited->secret, kHere)->totp_secret, ToBase32(totp));
  const Account now = *people->FindLogin("nora");
  EXPECT_EQ(people->Amend(now.id, now.version, {.state = AccountState::kActive}).error().rule, "people.invited");
}

TEST_F(PeopleTest, ANewPasswordEndsTheOtherSessions) {
  const auto first = Nora();
  const auto second = people->Login("nora", kPassword, Code(), kHere, "");
  ASSERT_TRUE(second);
  const AccountId id = first.account.id;
  const PassId mine = first.session.pass.id;
  EXPECT_EQ(people->ChangePassword(id, mine, kOther, kOther).error().rule, "login.refused");
  EXPECT_EQ(people->ChangePassword(id, mine, kOther, kOther).error().field, "current");
  EXPECT_EQ(people->ChangePassword(id, mine, kPassword, "welkom123456").error().rule, "password.common");
  ASSERT_TRUE(people->ChangePassword(id, mine, kPassword, kOther));
  EXPECT_TRUE(people->Enter(Pass::Kind::kSession, first.session.secret));
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, second->session.secret));
  clock.Advance(minutes(1));
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "login.refused");
  EXPECT_EQ(LoginRule("nora", kOther, Code()), "");
}

TEST_F(PeopleTest, ANewSecondFactorCountsFromItsOwnCodeOn) {
  const auto first = Nora();
  const auto second = people->Login("nora", kPassword, Code(), kHere, "");
  ASSERT_TRUE(second);
  const AccountId id = first.account.id;
  const PassId mine = first.session.pass.id;
  clock.Advance(minutes(1));
  EXPECT_EQ(people->ConfirmTotp(id, mine, Code()).error().rule, "totp.none") << "nothing was begun";
  EXPECT_EQ(people->BeginTotp(id, kOther, Code()).error().rule, "login.refused");
  EXPECT_EQ(people->BeginTotp(id, kPassword, "123456").error().rule, "login.refused");
  const auto begun = people->BeginTotp(id, kPassword, Code());
  ASSERT_TRUE(begun);
  EXPECT_THAT(begun->uri, HasSubstr(begun->secret));
  const TotpSecret next = SecretOf(begun->secret);
  ASSERT_NE(next, totp);
  const auto new_code = [&] { return TotpCode(next, TotpStepAt(clock.Now())); };
  clock.Advance(minutes(1));
  EXPECT_EQ(people->ConfirmTotp(id, mine, Code()).error().rule, "login.code") << "of the old app";
  EXPECT_EQ(LoginRule("nora", kPassword, new_code()), "login.refused") << "not yet";
  ASSERT_TRUE(people->ConfirmTotp(id, mine, new_code()));
  EXPECT_TRUE(people->Enter(Pass::Kind::kSession, first.session.secret));
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, second->session.secret)) << "the others end";
  EXPECT_EQ(LoginRule("nora", kPassword, new_code()), "login.refused") << "that code was used";
  clock.Advance(minutes(1));
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "login.refused") << "of the old app";
  EXPECT_EQ(LoginRule("nora", kPassword, new_code()), "");
  EXPECT_EQ(people->ConfirmTotp(id, mine, new_code()).error().rule, "totp.none") << "once";
  clock.Advance(minutes(1));
  EXPECT_TRUE(people->BeginTotp(id, kPassword, recovery[0])) << "who lost the old app";
  EXPECT_EQ(people->BeginTotp(id, kPassword, recovery[0]).error().rule, "login.refused") << "it was spent";
}

TEST_F(PeopleTest, ASecondFactorThatWasBegunWaitsTenMinutesAndNoReset) {
  const AccountId id = Nora().account.id;
  const auto begin = [&] {
    const auto begun = people->BeginTotp(id, kPassword, Code());
    EXPECT_TRUE(begun);
    return begun ? SecretOf(begun->secret) : TotpSecret{};
  };
  const auto confirm = [&](const TotpSecret& secret) {
    const auto done = people->ConfirmTotp(id, PassId(), TotpCode(secret, TotpStepAt(clock.Now())));
    return done ? std::string() : done.error().rule;
  };
  TotpSecret next = begin();
  clock.Advance(minutes(10));
  EXPECT_EQ(confirm(next), "totp.none");
  const TotpSecret dropped = begin();
  clock.Advance(minutes(1));
  next = begin();
  EXPECT_EQ(confirm(dropped), "login.code") << "the last one that was begun counts";
  ASSERT_TRUE(people->Reset(id));
  EXPECT_EQ(confirm(next), "totp.none") << "what it began from is gone";
}

TEST_F(PeopleTest, AnAdministratorUnlocksAnAccountAndNoAddress) {
  const AccountId id = Nora().account.id;
  EXPECT_EQ(people->LockOf(id)->failures, 0U);
  for (int i = 0; i < 6; ++i) {
    const std::string address = "198.51.100." + std::to_string(i);
    EXPECT_EQ(LoginRule("nora", kOther, "123456", address), "login.refused");
  }
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "login.wait");
  EXPECT_EQ(people->LockOf(id)->failures, 6U);
  EXPECT_EQ(people->LockOf(id)->wait, seconds(30));
  EXPECT_EQ(people->Unlock(id)->wait, seconds(30)) << "as it was";
  EXPECT_EQ(people->LockOf(id)->failures, 0U);
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "");
  for (int i = 0; i < 31; ++i) LoginRule("n" + std::to_string(i), kOther, "1", "203.0.113.9");
  ASSERT_TRUE(people->Unlock(id));
  clock.Advance(seconds(1));
  EXPECT_EQ(LoginRule("nora", kPassword, Code(), "203.0.113.9"), "login.wait");
  EXPECT_EQ(people->Unlock(AccountId()).error().rule, "people.unknown");
}

TEST_F(PeopleTest, ASessionEndsIdleAndAtItsLongest) {
  auto entered = Nora();
  const std::string secret = entered.session.secret;
  clock.Advance(minutes(28));  // One has passed already.
  EXPECT_TRUE(people->Enter(Pass::Kind::kSession, secret));
  EXPECT_FALSE(people->Enter(Pass::Kind::kToken, secret)) << "a session is no token";
  clock.Advance(minutes(29));
  EXPECT_TRUE(people->Enter(Pass::Kind::kSession, secret));
  people = Open();
  EXPECT_TRUE(people->Enter(Pass::Kind::kSession, secret)) << "it outlives a restart";
  clock.Advance(minutes(30));
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, secret)) << "idle";

  entered = *people->Login("nora", kPassword, Code(), kHere, "");
  for (int i = 0; i < 12 * 3; ++i) {
    EXPECT_TRUE(people->Enter(Pass::Kind::kSession, entered.session.secret)) << i;
    clock.Advance(minutes(20));
  }
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, entered.session.secret)) << "twelve hours";
}

TEST_F(PeopleTest, TheVaultHoldsNoSecretThatLetsIn) {
  const auto entered = Nora();
  const auto token =
      people->passes().IssueToken(entered.account.id, "x", {StaffRole::kWorker}, true, clock.Now() + hours(1));
  for (const char* set : {People::kSet, Passes::kSet}) {
    const auto rows = engine.Kept(set).value();
    EXPECT_FALSE(rows.empty());
    for (const auto& [key, value] : rows) {
      for (const std::string& secret : {entered.session.secret, token->secret, std::string(kPassword), recovery[0]}) {
        EXPECT_EQ(AsText(value).find(secret), std::string_view::npos);
      }
    }
  }
}

TEST_F(PeopleTest, TheOldestSessionMakesRoom) {
  const auto first = Nora();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(people->passes().BeginSession(first.account.id, "x"));
    clock.Advance(seconds(1));
  }
  EXPECT_EQ(people->passes().Of(first.account.id).size(), 10U);
  EXPECT_FALSE(people->Enter(Pass::Kind::kSession, first.session.secret));
}

TEST_F(PeopleTest, ATokenDoesAtMostWhatTheAccountStillMay) {
  const auto entered = Nora({StaffRole::kWorker, StaffRole::kCoordinator});
  const auto token =
      people->passes().IssueToken(entered.account.id, "x", {StaffRole::kCoordinator}, false, clock.Now() + hours(1));
  EXPECT_EQ(people->Enter(Pass::Kind::kToken, token->secret)->roles, RoleSet{StaffRole::kCoordinator});
  const Account before = *people->FindLogin("nora");
  ASSERT_TRUE(people->Amend(before.id, before.version, {.roles = RoleSet{StaffRole::kWorker}}));
  EXPECT_TRUE(people->Enter(Pass::Kind::kToken, token->secret)->roles.empty());
  clock.Advance(hours(1));
  EXPECT_FALSE(people->Enter(Pass::Kind::kToken, token->secret));
  EXPECT_EQ(people->passes()
                .IssueToken(entered.account.id, "x", {StaffRole::kWorker}, false, clock.Now() + hours(24 * 367))
                .error()
                .rule,
            "token.period");
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(people->passes().IssueToken(entered.account.id, "x", kAllRoles, false, clock.Now() + hours(1)));
  }
  EXPECT_EQ(people->passes().IssueToken(entered.account.id, "x", kAllRoles, false, clock.Now() + hours(1)).error().rule,
            "token.many");
}

TEST_F(PeopleTest, AdministratorsDoNotUndoEachOtherNorLockThemselvesOut) {
  const auto entered = Nora({StaffRole::kAdministrator});
  const Account nora = *people->FindLogin("nora");
  EXPECT_EQ(people->Amend(nora.id, nora.version, {.roles = RoleSet{StaffRole::kWorker}}).error().rule,
            "people.last_administrator");
  EXPECT_EQ(people->Amend(nora.id, nora.version, {.state = AccountState::kDeactivated}).error().rule,
            "people.last_administrator");
  ASSERT_TRUE(people->Amend(nora.id, nora.version, {.name = "Nora Peeters-Maes"}));
  EXPECT_EQ(people->Amend(nora.id, nora.version, {.name = "Iemand"}).error().rule, "people.changed");
}

TEST_F(PeopleTest, LoginsAndNamesAreUnique) {
  Nora();
  EXPECT_EQ(people->Invite("NORA", "Iemand", {StaffRole::kWorker}).error().rule, "people.login_taken");
  EXPECT_EQ(people->Invite("nora2", "Nora Peeters", {StaffRole::kWorker}).error().rule, "people.name_taken");
  EXPECT_EQ(people->Invite("nora2", "nora  PEETERS", {StaffRole::kWorker}).error().rule, "people.name_taken");
  EXPECT_EQ(people->Invite("a b", "Iemand", {StaffRole::kWorker}).error().rule, "people.login");
  EXPECT_EQ(people->Invite("ab", "Iemand\n", {StaffRole::kWorker}).error().rule, "people.name");
  EXPECT_EQ(people->Invite("ab", "Iemand", {}).error().rule, "people.roles");
}

// A new agent starts before the hub has told it its own name.
TEST_F(PeopleTest, TheIssuerIsCalledAsTheOrganisationIsCalledNow) {
  engine.LearnName("");
  people = Open();
  const std::string secret = people->Invite("wim", "Wim", {StaffRole::kWorker})->secret;
  EXPECT_THAT(people->Look(secret, kHere)->totp_uri, HasSubstr("otpauth://totp/Schakel:wim"));
  engine.LearnName("De Wissel");
  EXPECT_THAT(people->Look(secret, kHere)->totp_uri, HasSubstr("otpauth://totp/Schakel%20De%20Wissel:wim"));
}

TEST_F(PeopleTest, ANameThatWasUsedBeforeIsNobodyElses) {
  Nora();
  const Account nora = people->FindLogin("nora").value();
  const auto renamed = people->Amend(nora.id, nora.version, {.name = "Nora Maes"});
  ASSERT_TRUE(renamed) << ToText(renamed.error());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(people->Invite("nora2", "nora peeters", {StaffRole::kWorker}).error().rule, "people.name_taken");
    EXPECT_EQ(people->MayInvite("nora2", "Nora Peeters", {StaffRole::kWorker}).error().rule, "people.name_taken");
    EXPECT_EQ(people->Tie("subject", "nora3", People::Provision{"Nora Peeters", {StaffRole::kWorker}}).error().rule,
              "people.name_taken");
    people = Open(kCheap);  // And after a restart.
  }
  const auto other = people->Invite("wim", "Wim", {StaffRole::kWorker});
  ASSERT_TRUE(other);
  EXPECT_EQ(people->Amend(other->account.id, other->account.version, {.name = "Nora Peeters"}).error().rule,
            "people.name_taken");
  // Whose it was may bear it again.
  EXPECT_TRUE(people->Amend(nora.id, renamed->version, {.name = "Nora Peeters"}));
  EXPECT_EQ(people->Invite("nora2", "Nora Maes", {StaffRole::kWorker}).error().rule, "people.name_taken");
}

TEST_F(PeopleTest, APasswordOfAnEarlierCostIsHashedAnewAtLogin) {
  Nora();
  const std::string before = people->FindLogin("nora")->password;
  PeopleOptions dearer = kCheap;
  dearer.hash_passes = 2;
  people = Open(dearer);
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "");
  EXPECT_NE(people->FindLogin("nora")->password, before);
  clock.Advance(minutes(1));
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "");
}

TEST_F(PeopleTest, NobodyGetsInWhenTheDiskCannotRememberTheCode) {
  Nora();
  engine.RefuseToKeep(true);
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "vault.disk");
  engine.RefuseToKeep(false);
  EXPECT_EQ(LoginRule("nora", kPassword, Code()), "");
}

TEST_F(PeopleTest, OneCodeUsedByManyAtOnceLetsOneIn) {
  Nora();
  const std::string code = Code();
  std::atomic<int> in = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back(
        [&, i] { in += LoginRule("nora", kPassword, code, "203.0.113." + std::to_string(i)).empty(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(in, 1);
}

}  // namespace
}  // namespace schakel
