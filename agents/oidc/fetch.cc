#include "oidc/fetch.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace schakel {
namespace {

constexpr long kConnectMillis = 3'000;
constexpr long kWholeMillis = 10'000;

std::string_view HostOf(std::string_view url) {
  const std::size_t begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  url.remove_prefix(begin + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

std::size_t Take(char* data, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + size * count > kFetchedBytesMax) return 0;  // Ends the transfer.
  body.append(data, size * count);
  return size * count;
}

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

bool IsSafeUrl(std::string_view url) {
  const std::string_view host = HostOf(url);
  if (host.empty() || host.find('@') != std::string_view::npos) return false;
  if (url.starts_with("https://")) return true;
  const std::string_view name = host.substr(0, host.rfind(':'));
  return url.starts_with("http://") && (name == "127.0.0.1" || name == "localhost");
}

Result<Fetched> Send(const Fetch& fetch) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const auto fails = [&] {
    return Fail(Code::kUnavailable, "oidc.unreachable", std::string(HostOf(fetch.url)),
                "try again later; if it stays, check the issuer and that this machine reaches it");
  };
  if (!IsSafeUrl(fetch.url)) return fails();
  const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
  if (!easy) return fails();
  Fetched fetched;
  std::unique_ptr<curl_slist, FreeList> headers;
  for (const auto& [name, value] : fetch.headers) {
    // What a provider gave us goes back to it, and begins no header of its own.
    if (std::ranges::any_of(value, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) return fails();
    headers.reset(curl_slist_append(headers.release(), (name + ": " + value).c_str()));
  }
  curl_easy_setopt(easy.get(), CURLOPT_URL, fetch.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, kWholeMillis);
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &Take);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &fetched.body);
  if (!fetch.form.empty()) {
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(fetch.form.size()));
    curl_easy_setopt(easy.get(), CURLOPT_COPYPOSTFIELDS, fetch.form.c_str());
  }
  if (curl_easy_perform(easy.get()) != CURLE_OK) return fails();
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  fetched.status = static_cast<int>(status);
  return fetched;
}

}  // namespace schakel
