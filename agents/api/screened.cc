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

Result<Reply> Screened(Call& call, const Result<Sent>& sent, const Screening& screening) {
  if (!sent && !sent.error().rule.ends_with(".identifying")) return std::unexpected(sent.error());
  Reply reply;
  if (sent) {
    reply = call.Sending(*sent);
  } else {
    reply.status = StatusOf(sent.error());
    reply.type = "application/problem+json";
    reply.json = ProblemJson(sent.error(), call.Views());
  }
  if (screening.read) reply.json["findings"] = FindingsView(screening.findings);
  return reply;
}

}  // namespace schakel
