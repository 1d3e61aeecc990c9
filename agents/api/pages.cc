#include "pages.h"

#include <fmt/format.h>

#include "doorkeeper.h"
#include "entity_tag.h"
#include "http.h"

namespace schakel {
namespace {

// Scripts, styles, pictures and answers of our own, and nothing else; nobody may frame it, and no form goes elsewhere.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
constexpr std::string_view kNoDevices =
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";
constexpr std::string_view kHashedFolder = "assets/";  // The build puts a hash into each name there.

bool Takes(std::string_view coding, const ApiRequest& request) {
  bool takes = false;
  ForEachPart(HeaderOf(request, "accept-encoding"), [&](std::string_view part) {
    const std::size_t semicolon = part.find(';');
    if (Trimmed(part.substr(0, semicolon)) != coding) return;
    const std::string_view weight = semicolon == std::string_view::npos ? "" : Trimmed(part.substr(semicolon + 1));
    takes = weight.find_first_of("123456789") != std::string_view::npos || !weight.starts_with("q=0");
  });
  return takes;
}

struct Form {
  std::string_view coding;  // As in Content-Encoding; empty: as it is.
  std::string_view bytes;
};

// The smallest that the browser takes.
Form FormFor(const ApiRequest& request, const WebFile& file) {
  if (!file.brotli.empty() && Takes("br", request)) return {"br", file.brotli};
  if (!file.gzip.empty() && Takes("gzip", request)) return {"gzip", file.gzip};
  return {"", file.bytes};
}

}  // namespace

Pages::Pages(std::span<const WebFile> files) {
  for (const WebFile& file : files) {
    if (file.path.starts_with("v1/")) continue;  // The API's.
    const std::string tag = EntityTag(file.bytes);
    Page page{&file, tag};
    if (file.path == "index.html") pages_.emplace("/", page);
    pages_.emplace("/" + std::string(file.path), std::move(page));
  }
}

const Pages::Page* Pages::Find(const ApiRequest& request) const {
  if (request.door == ApiDoor::kSocket) return nullptr;
  const std::string_view target = request.target;
  const auto found = pages_.find(target.substr(0, target.find('?')));
  return found == pages_.end() ? nullptr : &found->second;
}

bool Pages::Has(const ApiRequest& request) const { return Find(request) != nullptr; }

ApiResponse Pages::Answer(const ApiRequest& request) const {
  const Page& page = *Find(request);
  if (request.method != "GET") {
    const Error error{Code::kInvalid, "request.method", "method", "use GET"};
    ApiResponse response = BrokenResponse(error, 405, request.door, LanguageOf(request));
    response.headers["Allow"] = "GET";
    return response;
  }
  ApiResponse response;
  PutSecurityHeaders(request.door, response);
  const WebFile& file = *page.file;
  const Form form = FormFor(request, file);
  // Other bytes, so another tag.
  const std::string tag =
      form.coding.empty() ? page.tag : fmt::format("{}-{}\"", page.tag.substr(0, page.tag.size() - 1), form.coding);
  const bool for_ever = file.path.starts_with(kHashedFolder);
  response.headers["Cache-Control"] = for_ever ? "public, max-age=31536000, immutable" : "no-cache";
  response.headers["Content-Security-Policy"] = kPagePolicy;
  response.headers["Cross-Origin-Opener-Policy"] = "same-origin";
  response.headers["Permissions-Policy"] = kNoDevices;
  response.headers["ETag"] = tag;
  response.headers["Vary"] = "Accept-Encoding";
  if (NamesEntityTag(HeaderOf(request, "if-none-match"), tag)) {
    response.status = 304;
    return response;
  }
  response.headers["Content-Type"] = file.type;
  if (!form.coding.empty()) response.headers["Content-Encoding"] = form.coding;
  response.body = form.bytes;
  return response;
}

}  // namespace schakel
