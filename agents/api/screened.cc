#include "screened.h"

namespace schakel {
namespace {

Json FindingsView(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"what", Slug(finding.what)},
                    {"at", finding.at},
                    {"length", finding.length},
                    {"certain", IsCertain(finding.what)}});
  }
  return list;
}

}  // namespace

Reply RefusedWith(Call& call, const Error& error, const std::vector<Finding>& findings) {
  Reply reply;
  reply.status = StatusOf(error);
  reply.type = "application/problem+json";
  reply.json = ProblemJson(error, call.Views());
  reply.json["findings"] = FindingsView(findings);
  return reply;
}

Result<Reply> Screened(Call& call, const Result<Sent>& sent, const Screening& screening) {
  if (!sent && !sent.error().rule.ends_with(".identifying")) return std::unexpected(sent.error());
  if (!sent) {
    Reply reply = RefusedWith(call, sent.error(), screening.findings);
    if (!screening.read) reply.json.erase("findings");
    return reply;
  }
  Reply reply = call.Sending(*sent);
  if (screening.read) reply.json["findings"] = FindingsView(screening.findings);
  return reply;
}

}  // namespace schakel
