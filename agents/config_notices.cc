// [mail] and [webhooks]: how people and programs are told that something waits.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "config_table.h"
#include "notices/rows.h"
#include "notices/webhook.h"

namespace schakel {
namespace {

bool IsServer(std::string_view url, bool plain) {
  const bool start_tls = url.starts_with("smtp://");
  if (!start_tls && (plain || !url.starts_with("smtps://"))) return false;
  // The same rules of host and port as for the address of a webhook; nothing behind them.
  const auto target = ParseHookUrl("https://" + std::string(url.substr(start_tls ? 7 : 8)));
  if (!target || url.find('/', 8) != std::string_view::npos || url.find_first_of("?#") != std::string_view::npos) {
    return false;
  }
  return !plain || target->host == "127.0.0.1" || target->host == "localhost" || target->host == "::1";
}

}  // namespace

MailOptions ReadMail(const toml::table& table, const std::filesystem::path& folder, std::vector<Error>& faults) {
  ConfigTable from(table, "mail.", faults);
  from.RefuseOthersThan({"server", "from", "user", "password_file", "ca_file", "plain"});
  MailOptions mail;
  mail.server = from.RequiredText("server");
  mail.from = from.RequiredText("from");
  mail.user = from.Text("user");
  const std::string password = from.Text("password_file");
  const std::string ca = from.Text("ca_file");
  mail.plain = from.Flag("plain", false);
  if (!password.empty()) mail.password_file = (folder / password).lexically_normal();
  if (!ca.empty()) mail.ca_file = (folder / ca).lexically_normal();
  if (from.Held({"server", "plain"}) && !IsServer(mail.server, mail.plain)) {
    from.Refuse("config.range", "server",
                mail.plain ? "without TLS to this machine alone: smtp://127.0.0.1:25"
                           : "give smtp://HOST:PORT (with STARTTLS) or smtps://HOST:PORT");
  }
  if (from.Held({"from"}) && !CheckMailAddress(mail.from)) {
    from.Refuse("config.range", "from", "write it as name@example.org");
  }
  if (from.Held({"user", "password_file"}) && mail.user.empty() != mail.password_file.empty()) {
    from.Refuse("config.missing", mail.user.empty() ? "user" : "password_file", "give both, or neither");
  }
  if (from.Held({"user", "plain"}) && mail.plain && !mail.user.empty()) {
    from.Refuse("config.range", "user", "leave it out: without TLS no password is sent");
  }
  return mail;
}

WebhookOptions ReadWebhooks(const toml::table& table, std::vector<Error>& faults) {
  ConfigTable from(table, "webhooks.", faults);
  from.RefuseOthersThan({"private_targets"});
  WebhookOptions webhooks;
  webhooks.private_targets = from.Texts("private_targets");
  // As it is compared later: with its port, and in lower case.
  const bool good = std::ranges::all_of(webhooks.private_targets, [](const std::string& text) {
    const auto target = ParseHookUrl("https://" + text);
    return target && TargetText(*target) == text;
  });
  if (!good) from.Refuse("config.range", "private_targets", "write each as HOST:PORT, in lower case");
  return webhooks;
}

Result<std::string> MailPassword(const MailOptions& mail) {
  if (mail.user.empty()) return std::string();
  const auto bad = [&](const char* next) {
    return Fail(Code::kUnavailable, "mail.password", mail.password_file.string(), next);
  };
  struct stat status{};
  if (stat(mail.password_file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    return bad("let nobody else read it: chmod 600");
  }
  std::ifstream stream(mail.password_file);
  std::string line;
  if (!std::getline(stream, line) || line.empty()) return bad("put the password on its first line");
  return line;
}

}  // namespace schakel
