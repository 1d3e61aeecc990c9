// The registrar's work, on a machine that is not the hub: make a key, show its public half, sign what the hub exported.
//
// A key file is one line, "schakel-registrar-key-1:" ‖ base64 of the Ed25519 seed, readable by its owner alone.
#include <algorithm>

#include "commands.h"
#include "files.h"
#include "local_time.h"
#include "output.h"
#include "protocol/crypto.h"
#include "protocol/registry.h"
#include "registrar_key.h"

namespace schakel::registrar_commands {
namespace {

constexpr std::string_view kKeyPrefix = "schakel-registrar-key-1:";
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kRequestBytesMax = 1U << 20;

struct Arguments {
  std::string file;
  std::string output;
  std::vector<std::string> keys;
  bool yes = false;
};

Result<SigningKey> LoadKey(const std::string& path) {
  SCHAKEL_ASSIGN(Bytes bytes, ReadWhole(path, 4096));
  std::string_view text = AsText(bytes);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  auto seed = text.starts_with(kKeyPrefix) ? FromBase64(text.substr(kKeyPrefix.size())) : std::nullopt;
  std::ranges::fill(bytes, std::uint8_t{0});
  if (!seed || seed->size() != kSeedBytes) {
    return Fail(Code::kInvalid, "registrar.key", path, "give a file that `schakel registrar keygen` made");
  }
  SigningKey key = SigningKey::FromSeed(*seed);
  std::ranges::fill(*seed, std::uint8_t{0});
  return key;
}

Json PublicView(const SigningPublicKey& key) {
  return {{"public_key", ToBase64(key.value())}, {"id", ToText(IdOf(key))}};
}

int PrintPublic(Session& session, const SigningPublicKey& key) {
  if (!session.PrintedJson(PublicView(key))) session.out() << ToBase64(key.value()) << '\n';
  return 0;
}

int Keygen(Session& session, const Arguments& arguments) {
  const SigningKey key = SigningKey::Generate();
  const auto seed = key.secret.view().first(kSeedBytes);  // libsodium's form begins with it.
  std::string line = std::string(kKeyPrefix) + ToBase64(seed) + "\n";
  const auto written = WriteNew(arguments.output, AsBytes(line), FileMode::kOwnerOnly);
  std::ranges::fill(line, '\0');
  if (!written) return session.Say(written.error());
  session.world().err << session.T("cli.registrar.made", {{"file", arguments.output}}) << '\n';
  return PrintPublic(session, key.public_key);
}

int Public(Session& session, const Arguments& arguments) {
  const auto key = LoadKey(arguments.file);
  return key ? PrintPublic(session, key->public_key) : session.Say(key.error());
}

Sheet Words(Session& session, const OrgStatement& statement) {
  Sheet sheet;
  sheet.Add(session.T("cli.col.organisation"), statement.organisation.value());
  sheet.Add(session.T("cli.col.name"), statement.name);
  sheet.Add(session.T("cli.col.sector"), statement.sector.value());
  sheet.Add(session.T("cli.col.status"),
            session.T(statement.status == OrgStatus::kActive ? "cli.active" : "cli.suspended"));
  sheet.Add(session.T("cli.col.serial"), std::to_string(statement.serial));
  sheet.Add(session.T("cli.col.issued"), LocalText(statement.issued_at, session.language()));
  sheet.Add(session.T("cli.col.fingerprint"), Fingerprint(statement.organisation, statement.keys));
  return sheet;
}

Sheet Words(Session& session, const RulesStatement& statement) {
  const RegionRules& rules = statement.rules;
  Sheet sheet;
  const auto number = [&](const char* name, std::uint64_t value) {
    sheet.Add(session.T(std::string("cli.rules.") + name), std::to_string(value));
  };
  number("serial", statement.serial);
  number("consent", rules.consent_age_years);
  number("adult", rules.adult_age_years);
  sheet.Add(session.T("cli.rules.parents"), std::string(Label(rules.parents, session.language())));
  number("emergency", rules.emergency_hours_max);
  number("review", rules.emergency_review_hours);
  number("retain", rules.retain_until_age_years);
  number("departure", rules.retain_after_departure_years);
  sheet.Add(session.T("cli.rules.names"), session.T(rules.names_by_role ? "cli.yes" : "cli.no"));
  sheet.Add(session.T("cli.col.issued"), LocalText(statement.issued_at, session.language()));
  return sheet;
}

// The rules of the region, made where they are signed: the hub has no say in them. The serial stands in the directory.
struct RulesArguments {
  unsigned serial = 0;
  unsigned consent_age = static_cast<unsigned>(RegionRules().consent_age_years);
  unsigned adult_age = static_cast<unsigned>(RegionRules().adult_age_years);
  unsigned emergency_hours = static_cast<unsigned>(RegionRules().emergency_hours_max);
  unsigned review_hours = static_cast<unsigned>(RegionRules().emergency_review_hours);
  unsigned retain_age = static_cast<unsigned>(RegionRules().retain_until_age_years);
  unsigned retain_years = static_cast<unsigned>(RegionRules().retain_after_departure_years);
  std::string parents;
  std::string output;
  bool names_by_role = false;
};

int MakeRules(Session& session, const RulesArguments& arguments) {
  RulesStatement statement;
  statement.serial = arguments.serial;
  statement.issued_at = session.world().clock.Now();
  RegionRules& rules = statement.rules;
  rules.consent_age_years = arguments.consent_age;
  rules.adult_age_years = arguments.adult_age;
  rules.emergency_hours_max = arguments.emergency_hours;
  rules.emergency_review_hours = arguments.review_hours;
  rules.retain_until_age_years = arguments.retain_age;
  rules.retain_after_departure_years = arguments.retain_years;
  rules.names_by_role = arguments.names_by_role;
  if (!arguments.parents.empty()) {
    const auto parents = ParseParentsRule(arguments.parents);
    if (!parents) return session.Say(parents.error());
    rules.parents = *parents;
  }
  if (statement.serial == 0) {
    return session.Say({Code::kInvalid, "registrar.serial", "--serial", "1 for the first, then one more each time"});
  }
  const Bytes bytes = EncodeStatement(statement);
  if (!DecodeStatement(bytes)) {
    return session.Say({Code::kInvalid, "registrar.rules", "rules", "an emergency lasts at most 72 hours"});
  }
  if (auto written = WriteNew(arguments.output, bytes, FileMode::kReadable); !written) {
    return session.Say(written.error());
  }
  Words(session, statement).Print(session.world().err);
  if (session.PrintedJson({{"output", arguments.output}})) return 0;
  session.out() << session.T("cli.registrar.rules_made", {{"file", arguments.output}}) << '\n';
  return 0;
}

Sheet Words(Session& session, const RegistrarsStatement& statement) {
  const Registrars& registrars = statement.registrars;
  Sheet sheet;
  sheet.Add(session.T("cli.col.serial"), std::to_string(statement.serial));
  sheet.Add(session.T("cli.registrars.threshold"),
            std::to_string(registrars.threshold) + "/" + std::to_string(registrars.keys.size()));
  for (const SigningPublicKey& key : registrars.keys) {
    sheet.Add(session.T("cli.registrars.key"), ToBase64(key.value()) + "  " + ToText(IdOf(key)));
  }
  sheet.Add(session.T("cli.col.issued"), LocalText(statement.issued_at, session.language()));
  return sheet;
}

// Who signs from now on, made where it is signed: the hub has no say in it.
struct RotateArguments {
  unsigned serial = 0;
  unsigned threshold = 0;
  std::vector<std::string> registrars;
  std::string output;
};

int MakeRegistrars(Session& session, const RotateArguments& arguments) {
  RegistrarsStatement statement;
  statement.serial = arguments.serial;
  statement.issued_at = session.world().clock.Now();
  statement.registrars.threshold = arguments.threshold;
  for (const std::string& given : arguments.registrars) {
    const auto key = ReadRegistrarKey(given);
    if (!key) return session.Say(key.error());
    statement.registrars.keys.push_back(*key);
  }
  if (statement.serial == 0) {
    return session.Say({Code::kInvalid, "registrar.serial", "--serial", "1 for the first, then one more each time"});
  }
  const Bytes bytes = EncodeStatement(statement);
  if (!DecodeStatement(bytes)) {
    return session.Say({Code::kInvalid, "registrar.set", "--registrar",
                        "give 1 to 16 different keys, and a --threshold of 1 up to their number"});
  }
  if (auto written = WriteNew(arguments.output, bytes, FileMode::kReadable); !written) {
    return session.Say(written.error());
  }
  Words(session, statement).Print(session.world().err);
  if (session.PrintedJson({{"output", arguments.output}})) return 0;
  session.out() << session.T("cli.registrar.rotate_made",
                             {{"file", arguments.output}, {"count", std::to_string(arguments.threshold)}})
                << '\n';
  return 0;
}

void PrintWords(Session& session, const Statement& statement) {
  std::ostream& out = session.world().err;  // The words are for whoever signs; the result is the file.
  out << session.T("cli.registrar.signing") << '\n';
  if (const auto* organisation = std::get_if<OrgStatement>(&statement)) {
    Words(session, *organisation).Print(out);
    out << session.T("cli.registrar.compare") << '\n';
    return;
  }
  if (const auto* rules = std::get_if<RulesStatement>(&statement)) return Words(session, *rules).Print(out);
  if (const auto* registrars = std::get_if<RegistrarsStatement>(&statement)) {
    return Words(session, *registrars).Print(out);
  }
  if (std::holds_alternative<UnknownStatement>(statement) || std::holds_alternative<HpkeStatement>(statement)) {
    out << session.T("cli.registrar.newer") << '\n';
    return;
  }
  const auto& ceilings = std::get<CeilingStatement>(statement);
  out << session.T("cli.registrar.ceilings", {{"serial", std::to_string(ceilings.serial)},
                                              {"at", LocalText(ceilings.issued_at, session.language())}})
      << '\n';
  Table table({session.T("cli.col.sector"), session.T("cli.col.wall"), session.T("cli.col.may_receive")});
  for (const CeilingStatement::Row& row : ceilings.rows) {
    table.Add({row.sector.value(), session.T(row.court_wall ? "cli.yes" : "cli.no"),
               session.Categories(Slugs(row.categories, AllCategories()))});
  }
  table.PrintWhole(out);
}

// The hub's export is the bare statement; a statement that another registrar signed already takes one more signature.
Result<SignedStatement> LoadRequest(const std::string& path) {
  SCHAKEL_ASSIGN(Bytes bytes, ReadWhole(path, kRequestBytesMax));
  if (auto already = DecodeSignedStatement(bytes)) return *already;
  if (!DecodeStatement(bytes)) {
    return Fail(Code::kInvalid, "registrar.request", path, "give a file that schakel-hub exported");
  }
  return SignedStatement{std::move(bytes), {}};
}

int Sign(Session& session, const Arguments& arguments) {
  auto request = LoadRequest(arguments.file);
  if (!request) return session.Say(request.error());
  const auto statement = DecodeStatement(request->statement);
  if (!statement) return session.Say(statement.error());
  PrintWords(session, *statement);
  std::vector<KeyId> signed_now;
  for (const std::string& file : arguments.keys) {
    const auto key = LoadKey(file);
    if (!key) return session.Say(key.error());
    const RegistrarSignature signature = SignStatement(request->statement, *key);
    if (std::ranges::find(signed_now, signature.registrar) != signed_now.end()) {
      return session.Say({Code::kInvalid, "registrar.same", file, "name the key of each registrar once"});
    }
    signed_now.push_back(signature.registrar);
    std::erase_if(request->signatures, [&](const auto& one) { return one.registrar == signature.registrar; });
    request->signatures.push_back(signature);
  }
  const Bytes bytes = EncodeSignedStatement(*request);
  if (auto written = WriteNew(arguments.output, bytes, FileMode::kReadable); !written) {
    return session.Say(written.error());
  }
  Json signers = Json::array();
  for (const RegistrarSignature& one : request->signatures) signers.push_back(ToText(one.registrar));
  if (session.PrintedJson({{"output", arguments.output}, {"signatures", signers}})) return 0;
  session.out() << session.T("cli.registrar.signed",
                             {{"file", arguments.output}, {"count", std::to_string(request->signatures.size())}})
                << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::registrar_commands

namespace schakel {

void AddRegistrarCommands(CommandTree& tree) {
  using namespace registrar_commands;
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("registrar keygen").Option(a->output, "--output", kMust).Does([a](Session& session) {
      return Keygen(session, *a);
    });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("registrar public").Positional(a->file, "file").Does([a](Session& session) {
      return Public(session, *a);
    });
  }
  {
    auto a = std::make_shared<RulesArguments>();
    tree.Add("registrar rules")
        .Number(a->serial, "--serial")
        .Number(a->consent_age, "--consent-age")
        .Number(a->adult_age, "--adult-age")
        .Option(a->parents, "--parents")
        .Number(a->emergency_hours, "--emergency-hours")
        .Number(a->review_hours, "--review-hours")
        .Number(a->retain_age, "--retain-age")
        .Number(a->retain_years, "--retain-years")
        .Flag(a->names_by_role, "--names-by-role")
        .Option(a->output, "--output", kMust)
        .Does([a](Session& session) { return MakeRules(session, *a); });
  }
  {
    auto a = std::make_shared<RotateArguments>();
    tree.Add("registrar rotate")
        .Number(a->serial, "--serial")
        .Number(a->threshold, "--threshold")
        .Repeated(a->registrars, "--registrar", kMust)
        .Option(a->output, "--output", kMust)
        .Does([a](Session& session) { return MakeRegistrars(session, *a); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("registrar sign")
        .Positional(a->file, "request")
        .Repeated(a->keys, "--key", kMust)
        .Option(a->output, "--output", kMust)
        .Does([a](Session& session) { return Sign(session, *a); });
  }
}

}  // namespace schakel
