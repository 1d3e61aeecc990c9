#include <utility>  // Asio 1.74 needs it first.

#include "http.h"

#include <algorithm>
#include <boost/beast/http.hpp>

#include "agents/i18n.h"
#include "json.h"
#include "problem_field.h"

namespace schakel {

namespace http = boost::beast::http;
namespace asio = boost::asio;

struct RequestReader::Parser {
  http::request_parser<http::string_body> parser;
  Parser() {
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(kApiHeaderBytesMax));
    parser.body_limit(kApiBodyBytesMax);
  }
};

RequestReader::RequestReader() : parser_(std::make_unique<Parser>()) {}
RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::Break(int status, const char* rule, const char* field, const char* next) {
  status_ = status;
  problem_ = {status == 400 ? Code::kInvalid : Code::kLimit, rule, field, next};
  // As far as the header came: who asks for English gets it here, too.
  ApiRequest request;
  const auto& header = parser_->parser.get();
  request.headers["accept-language"] = std::string(header[http::field::accept_language]);
  language_ = LanguageOf(request);
  return State::kBroken;
}

RequestReader::State RequestReader::Feed(std::string& bytes) {
  auto& parser = parser_->parser;
  while (!parser.is_done() && !bytes.empty()) {
    boost::system::error_code error;
    const std::size_t used = parser.put(asio::buffer(bytes), error);
    bytes.erase(0, used);
    if (error == http::error::need_more) break;
    if (error == http::error::header_limit) return Break(431, "request.header_size", "headers", "send smaller headers");
    if (error == http::error::body_limit) return Break(413, "request.body_size", "body", "send a smaller document");
    if (error) return Break(400, "request.http", "request", "send HTTP/1.1");
    if (used == 0) break;
  }
  if (parser.is_done()) return State::kWhole;
  // What is not a header line by now never will be.
  if (!parser.is_header_done() && bytes.size() > kApiHeaderBytesMax) {
    return Break(431, "request.header_size", "headers", "send smaller headers");
  }
  return State::kMore;
}

bool RequestReader::wants_continue() {
  auto& parser = parser_->parser;
  if (told_continue_ || !parser.is_header_done() || parser.is_done()) return false;
  told_continue_ = true;
  return boost::beast::iequals(parser.get()[http::field::expect], "100-continue");
}

ApiRequest RequestReader::Take() {
  auto message = parser_->parser.release();
  keeps_alive_ = message.keep_alive();
  ApiRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c); });
    std::string& value = request.headers[name];
    if (!value.empty()) value += ", ";
    value += std::string(field.value());
  }
  request.body = std::move(message.body());
  parser_ = std::make_unique<Parser>();
  told_continue_ = false;
  return request;
}

std::string ResponseBytes(const ApiResponse& response, bool keep_alive) {
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason) + "\r\n";
  for (const auto& [name, value] : response.headers) bytes.append(name).append(": ").append(value).append("\r\n");
  if (response.events) {
    bytes += "X-Accel-Buffering: no\r\nConnection: close\r\n\r\n";
    return bytes;
  }
  const std::uint64_t length = response.parts ? response.parts->length : response.body.size();
  if (response.status != 304) bytes += "Content-Length: " + std::to_string(length) + "\r\n";
  bytes += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return bytes + response.body;
}

ApiResponse BrokenResponse(const Error& problem, int status, ApiDoor door, Language language) {
  const Explanation explanation = Explain(problem, language);
  const Json json = {{"type", "urn:schakel:rule:" + problem.rule},
                     {"status", status},
                     {"title", explanation.what},
                     {"detail", explanation.next},
                     {"code", CodeName(problem.code)},
                     {"rule", problem.rule},
                     {"field", ProblemFieldOf(problem).name},
                     {"next", explanation.next}};
  ApiResponse response;
  response.status = status;
  response.headers["Content-Type"] = "application/problem+json";
  response.headers["Content-Language"] = Slug(language);
  response.body = json.dump();
  PutSecurityHeaders(door, response);
  return response;
}

std::string AnswerBytes(Api& api, std::string_view raw, const std::string& peer, ApiDoor door) {
  RequestReader reader;
  std::string bytes(raw);
  switch (reader.Feed(bytes)) {
    case RequestReader::State::kMore:
      return {};
    case RequestReader::State::kBroken:
      return ResponseBytes(BrokenResponse(reader.problem(), reader.status(), door, reader.language()), false);
    case RequestReader::State::kWhole:
      break;
  }
  ApiRequest request = reader.Take();
  request.peer = peer;
  request.door = door;
  const ApiResponse response = api.Handle(request);
  std::string answer = ResponseBytes(response, reader.keeps_alive());
  for (std::uint64_t left = response.parts ? response.parts->length : 0; left > 0;) {
    const auto part = response.parts->next();
    if (!part || part->empty() || part->size() > left) break;  // Cut off.
    left -= part->size();
    answer += *part;
  }
  return answer;
}

}  // namespace schakel
