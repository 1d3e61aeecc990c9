// Carries one notice to where it goes: mail by SMTP, webhooks by HTTP. The doors to libcurl are courier.cc and
// oidc/fetch.cc.
//
// Threads: one object, one thread; waits for the network, at most kPatience for each.
// Nothing follows a redirect or goes through a proxy: whoever answers is who was asked.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "agents/notice_options.h"
#include "notices/webhook.h"
#include "protocol/seams.h"

namespace schakel {

enum class Carried : std::uint8_t {
  kDelivered,
  kFailed,     // Perhaps later.
  kGone,       // The receiver wants no more of these.
  kNotNeeded,  // It was not carried: nobody has to be told any more.
};

struct Mail {
  std::string to;
  Language language = Language::kDutch;
  bool urgent = false;  // Somebody's safety; it says so.
};
struct HookMessage {
  std::string url;
  Bytes secret;
  std::string id;
  std::string body;
};

class Courier {
 public:
  virtual ~Courier() = default;
  virtual Carried Carry(const Mail& mail) = 0;
  virtual Carried Carry(const HookMessage& message) = 0;
  virtual void Stop() {}  // From any thread: what is on its way is given up.
};

struct CourierOptions {
  std::optional<MailOptions> mail;
  std::optional<WebhookOptions> webhooks;
  std::string public_url;  // Where people reach this agent; empty: no link in mails.
};
std::unique_ptr<Courier> MakeCourier(CourierOptions options, const Clock& clock, Random& random);

// The whole of a mail: no names, no words of records.
std::string MailText(const Mail& mail, const std::string& from, const std::string& public_url, Timestamp now,
                     const std::string& id);

}  // namespace schakel
