#include "notices/courier.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "agents/i18n.h"
#include "protocol/ids.h"

namespace schakel {
namespace {

constexpr long kReachMillis = 5'000;
constexpr long kBringMillis = 20'000;
constexpr std::size_t kAnswerBytesMax = 64U << 10;
constexpr long kGoneStatus = 410;

struct EndEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct EndList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EndEasy>;
using CurlList = std::unique_ptr<curl_slist, EndList>;

void Append(CurlList& list, const std::string& text) { list.reset(curl_slist_append(list.release(), text.c_str())); }

// What a receiver answers is of no interest; too much of it ends the talk.
std::size_t Swallow(char*, std::size_t size, std::size_t count, void* taken) {
  auto& sum = *static_cast<std::size_t*>(taken);
  sum += size * count;
  return sum > kAnswerBytesMax ? 0 : size * count;
}

struct Upload {
  std::string_view left;
};
std::size_t Give(char* to, std::size_t size, std::size_t count, void* from) {
  auto& upload = *static_cast<Upload*>(from);
  const std::size_t taken = std::min(size * count, upload.left.size());
  std::memcpy(to, upload.left.data(), taken);
  upload.left.remove_prefix(taken);
  return taken;
}

int EndIfStopped(void* stopped, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool>*>(stopped)->load() ? 1 : 0;
}

// The address that a name led to, just before it is connected to: what was looked up once cannot change in between.
curl_socket_t OpenPublic(void*, curlsocktype, curl_sockaddr* address) {
  ByteView bytes;
  if (address->family == AF_INET) {
    const auto* four = reinterpret_cast<const sockaddr_in*>(&address->addr);
    bytes = {reinterpret_cast<const std::uint8_t*>(&four->sin_addr), 4};
  } else if (address->family == AF_INET6) {
    const auto* six = reinterpret_cast<const sockaddr_in6*>(&address->addr);
    bytes = {reinterpret_cast<const std::uint8_t*>(&six->sin6_addr), 16};
  }
  if (!IsPublicAddress(bytes)) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::string DomainOf(const std::string& address) { return address.substr(address.find('@') + 1); }

class CurlCourier final : public Courier {
 public:
  CurlCourier(CourierOptions options, const Clock& clock, Random& random)
      : options_(std::move(options)), clock_(clock), random_(random) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }

  Carried Carry(const Mail& mail) override;
  Carried Carry(const HookMessage& message) override;
  void Stop() override { stopped_ = true; }

 private:
  // What both have in common. `taken` counts what comes back.
  Easy Begin(const std::string& url, const char* protocols, std::size_t& taken) {
    Easy easy(curl_easy_init());
    if (!easy) return easy;
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(easy.get(), CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, kReachMillis);
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, kBringMillis);
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, &EndIfStopped);
    curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &stopped_);
    curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &Swallow);
    curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &taken);
    return easy;
  }

  const CourierOptions options_;
  const Clock& clock_;
  Random& random_;
  std::atomic<bool> stopped_ = false;
};

Carried CurlCourier::Carry(const Mail& mail) {
  if (!options_.mail) return Carried::kFailed;
  const MailOptions& server = *options_.mail;
  const auto password = MailPassword(server);
  if (!password) return Carried::kFailed;
  std::size_t taken = 0;
  const Easy easy = Begin(server.server, "smtp,smtps", taken);
  if (!easy) return Carried::kFailed;
  Id128 id;
  random_.Fill(id);
  const std::string text = MailText(mail, server.from, options_.public_url, clock_.Now(), ToHex(id));
  Upload upload{text};
  CurlList recipients;
  Append(recipients, "<" + mail.to + ">");
  if (!recipients) return Carried::kFailed;
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, ("<" + server.from + ">").c_str());
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, &Give);
  curl_easy_setopt(easy.get(), CURLOPT_READDATA, &upload);
  curl_easy_setopt(easy.get(), CURLOPT_INFILESIZE, static_cast<long>(text.size()));
  // A server that offers no TLS gets no mail, unless the operator said that it is on this machine.
  curl_easy_setopt(easy.get(), CURLOPT_USE_SSL, static_cast<long>(server.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!server.ca_file.empty()) curl_easy_setopt(easy.get(), CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.user.empty()) {
    curl_easy_setopt(easy.get(), CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_PASSWORD, password->c_str());
  }
  return curl_easy_perform(easy.get()) == CURLE_OK ? Carried::kDelivered : Carried::kFailed;
}

Carried CurlCourier::Carry(const HookMessage& message) {
  if (!options_.webhooks) return Carried::kFailed;
  const auto& listed = options_.webhooks->private_targets;
  const auto target = ParseHookUrl(message.url);
  // The list may have changed since it was made.
  if (!target || !CheckHookUrl(message.url, listed)) return Carried::kFailed;
  std::size_t taken = 0;
  const Easy easy = Begin(message.url, "http,https", taken);
  if (!easy) return Carried::kFailed;
  CurlList headers;
  for (const auto& [name, value] : HookHeaders(message.secret, message.id, clock_.Now(), message.body)) {
    Append(headers, name + ": " + value);
  }
  Append(headers, "Expect:");
  if (!headers) return Carried::kFailed;
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "schakel/" SCHAKEL_VERSION);
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(message.body.size()));
  curl_easy_setopt(easy.get(), CURLOPT_COPYPOSTFIELDS, message.body.c_str());
  if (!IsListed(*target, listed)) curl_easy_setopt(easy.get(), CURLOPT_OPENSOCKETFUNCTION, &OpenPublic);
  if (curl_easy_perform(easy.get()) != CURLE_OK) return Carried::kFailed;
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == kGoneStatus) return Carried::kGone;
  return status >= 200 && status < 300 ? Carried::kDelivered : Carried::kFailed;
}

// As RFC 5322 writes it, in UTC; English whatever the locale.
std::string MailDate(Timestamp now) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonthNames[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonthNames[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

}  // namespace

std::string MailText(const Mail& mail, const std::string& from, const std::string& public_url, Timestamp now,
                     const std::string& id) {
  std::string text = "From: Schakel <" + from + ">\r\nTo: <" + mail.to + ">\r\nDate: " + MailDate(now) +
                     "\r\nMessage-ID: <" + id + "@" + DomainOf(from) + ">\r\nSubject: " +
                     Phrase(mail.language, mail.urgent ? "notices.mail.urgent_subject" : "notices.mail.subject") +
                     "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n" +
                     Phrase(mail.language, mail.urgent ? "notices.mail.urgent_text" : "notices.mail.text") + "\r\n";
  if (!public_url.empty()) text += "\r\n" + public_url + "\r\n";
  return text;
}

std::unique_ptr<Courier> MakeCourier(CourierOptions options, const Clock& clock, Random& random) {
  return std::make_unique<CurlCourier>(std::move(options), clock, random);
}

}  // namespace schakel
