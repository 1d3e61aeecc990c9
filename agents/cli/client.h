// Speaks HTTP with the agent over its UNIX socket. Threads: one object, one thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

struct ClientReply {
  int status = 0;
  std::string type;
  std::string body;
  std::string tag;  // ETag, without its quotes.
};

class Client {
 public:
  Client(std::string socket, std::map<std::string, std::string> headers)
      : socket_(std::move(socket)), headers_(std::move(headers)) {}

  // kUnavailable ("agent.unreachable"): nobody answers at the socket; kInvalid ("agent.socket"): none was named;
  // kDenied ("agent.permission"): not for this user; kUnavailable ("agent.gone"): it stopped halfway, and what was
  // asked may or may not have happened; kCorrupt ("agent.answer"): what answers does not speak HTTP.
  Result<ClientReply> Send(const std::string& method, const std::string& target, const std::string& json);
  // Bytes instead of JSON.
  Result<ClientReply> Put(const std::string& target, ByteView bytes);
  // From byte `from` on, handed to `take` as they come, until it returns false: then its own fault ends it. An answer
  // that is a refusal has its body as Send. kUnavailable ("agent.gone"): fewer came than were promised.
  Result<ClientReply> Fetch(const std::string& target, std::uint64_t from,
                            const std::function<bool(std::string_view bytes)>& take);
  // Hands each event of a stream to `take` ("record", data) until that returns false or the stream ends.
  Status Follow(const std::string& target, const std::function<bool(std::string event, std::string data)>& take);

 private:
  Result<ClientReply> Exchange(const std::string& request);
  std::string RequestHead(const std::string& method, const std::string& target) const;
  std::string RequestBytes(const std::string& method, const std::string& target, const std::string& json) const;

  std::string socket_;
  std::map<std::string, std::string> headers_;
};

// For a path segment or a query value.
std::string PercentEncoded(std::string_view text);

}  // namespace schakel
