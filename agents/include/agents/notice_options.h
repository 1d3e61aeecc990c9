// How people and programs are told that something waits: what an operator may set (deploy/agent.toml, [mail] and
// [webhooks]).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "protocol/result.h"

namespace schakel {

struct MailOptions {
  std::string server = {};                   // "smtp://HOST[:PORT]", with STARTTLS, or "smtps://HOST[:PORT]".
  std::string from = {};                     // The address that mails come from.
  std::string user = {};                     // Empty: without logging in.
  std::filesystem::path password_file = {};  // Its first line.
  std::filesystem::path ca_file = {};        // PEM; empty: those of the system.
  bool plain = false;                        // Without TLS: to a server on this machine alone.
  friend bool operator==(const MailOptions&, const MailOptions&) = default;
};

// What `user` logs in with; empty without one. kUnavailable ("mail.password"): the file is not there, empty, or others
// can read it.
Result<std::string> MailPassword(const MailOptions& mail);

struct WebhookOptions {
  // "HOST:PORT": may be on this machine or in a private network, and may do without TLS. All others may not.
  std::vector<std::string> private_targets = {};
  friend bool operator==(const WebhookOptions&, const WebhookOptions&) = default;
};

}  // namespace schakel
