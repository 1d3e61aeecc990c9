// attach, attachments, download, consultations attach, uploads: list, drop.
#include <filesystem>

#include "commands.h"
#include "files.h"
#include "output.h"

namespace schakel::attachments_commands {
namespace {

constexpr std::size_t kPartBytes = 512U << 10;  // As much as the agent takes at once.

struct Arguments {
  std::string trajectory;
  std::string consultation;
  std::string attachment;
  std::string upload;
  std::string file;
  std::string about;
  std::string purpose;
  std::string media_type;
  std::string caption;
  std::string resume;
  std::string to_file;
  std::vector<std::string> categories;
  bool checked = false;
  bool force = false;
  bool full = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

// The upload as the agent has it: begun now, or before.
std::optional<Json> Begun(Session& session, const Arguments& arguments, std::uint64_t size) {
  if (!arguments.resume.empty()) {
    auto upload = session.Get("/v1/uploads/" + PercentEncoded(arguments.resume));
    if (upload && upload->at("size") != size) {
      session.Say({Code::kConflict, "upload.other_file", arguments.file, "name the file with which it began"});
      return std::nullopt;
    }
    return upload;
  }
  Json body = {{"name", std::filesystem::path(arguments.file).filename().string()}, {"size", size}};
  if (!arguments.categories.empty()) body["categories"] = arguments.categories;
  if (!arguments.media_type.empty()) body["media_type"] = arguments.media_type;
  if (!arguments.caption.empty()) body["caption"] = arguments.caption;
  if (!arguments.purpose.empty()) body["purpose"] = arguments.purpose;
  if (!arguments.whom.to.empty()) body["to"] = arguments.whom.to;
  if (!arguments.consultation.empty()) {
    return session.Post("/v1/consultations/" + PercentEncoded(arguments.consultation) + "/uploads", body);
  }
  if (!arguments.about.empty()) body["about"] = arguments.about;
  if (arguments.purpose.empty() && arguments.about.empty()) session.AssumePurpose("care-coordination");
  return session.Post("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/uploads", body);
}

int Attach(Session& session, const Arguments& arguments) {
  PartFile file;
  if (auto opened = file.OpenToRead(arguments.file); !opened) return session.Say(opened.error());
  const std::uint64_t size = file.size();
  const auto hash = file.Hash();
  if (!hash) return session.Say(hash.error());
  const auto upload = Begun(session, arguments, size);
  if (!upload) return 1;
  const std::string id = upload->at("upload").get<std::string>();
  const std::string target = "/v1/uploads/" + id;
  const auto stopped = [&] {
    session.world().err << "hint: " << session.T("cli.attach.resume", {{"id", id}}) << '\n';
    return 1;
  };
  for (auto at = upload->at("offset").get<std::uint64_t>(); at < size;) {
    const auto part = file.ReadAt(at, kPartBytes);
    if (!part) return session.Say(part.error());
    if (part->empty()) break;  // It became shorter: the agent says what is missing.
    if (!session.Put(target + "?offset=" + std::to_string(at), *part)) return stopped();
    at += part->size();
  }
  Json finish = {{"sha256", ToHex(*hash)}};
  if (arguments.whom.yes) finish["accept_unreached"] = true;
  if (arguments.whom.preview) finish["preview"] = true;
  if (arguments.checked) finish["accept_findings"] = true;
  const auto answer = session.PostWhatever(target + "/finish", finish);
  if (!answer) return stopped();
  if (answer->first >= 400) {
    session.SayProblem(answer->second);
    if (answer->second.contains("findings")) {
      const auto content = file.ReadAt(0, static_cast<std::size_t>(size));
      const std::string_view text = content ? AsText(*content) : std::string_view();
      PrintFindings(
          session, answer->second,
          upload->at("name").get<std::string>() + upload->at("caption").get<std::string>() + std::string(text));
    }
    // Of what is refused for its content nothing is left to go on with.
    return answer->second.value("rule", std::string()) == "attachment.content" ? 1 : stopped();
  }
  const Json* sent = &answer->second;
  if (arguments.whom.preview && !session.Delete(target)) return 1;
  return session.PrintSent(*sent, "attachment");
}

int List(Session& session, const Arguments& arguments) {
  const auto answer = session.Get("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/attachments" +
                                  (arguments.full ? "?show=full" : ""));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const Json& all = answer->at("attachments");
  if (all.empty()) {
    session.out() << session.T("cli.attachment.none") << '\n';
  } else if (arguments.full) {
    for (const Json& one : all) {
      session.PrintRecord(one);
      session.out() << "  " << session.HowWhole(one) << '\n';
    }
  } else {
    Table table({session.T("cli.col.record"), session.T("cli.col.at"), session.T("cli.col.from"),
                 session.T("cli.col.categories"), session.T("cli.col.goes_with"), session.T("cli.col.state")});
    for (const Json& one : all) {
      const Json& about = one.at("about");
      table.Add({Short(one.at("id").get<std::string>()), session.When(one.at("at")), session.Name(one.at("author")),
                 session.Categories(one.at("categories")),
                 about.is_string() ? Short(about.get<std::string>()) : std::string(), session.HowWhole(one)});
    }
    table.Print(session.out());
    session.world().err << "hint: " << session.T("cli.records.full") << '\n';
  }
  return 0;
}

int Uploads(Session& session) {
  const auto answer = session.Get("/v1/uploads");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const Json& all = answer->at("uploads");
  if (all.empty()) {
    session.out() << session.T("cli.upload.none") << '\n';
    return 0;
  }
  Table table(
      {session.T("cli.col.upload"), session.T("cli.col.file"), session.T("cli.col.here"), session.T("cli.col.until")});
  for (const Json& one : all) {
    table.Add({one.at("upload").get<std::string>(), one.at("name").get<std::string>(),
               one.at("offset").dump() + "/" + one.at("size").dump(), session.When(one.at("expires_at"))});
  }
  table.Print(session.out());
  return 0;
}

int Drop(Session& session, const Arguments& arguments) {
  const auto answer = session.Delete("/v1/uploads/" + PercentEncoded(arguments.upload));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) session.out() << session.T("cli.upload.dropped") << '\n';
  return 0;
}

int Download(Session& session, const Arguments& arguments) {
  const std::string target = "/v1/attachments/" + PercentEncoded(arguments.attachment) + "/content";
  return FetchFile(session, target, arguments.to_file, arguments.force);
}

void AddWhat(Leaf& leaf, Arguments& a) {
  leaf.Option(a.caption, "--caption")
      .Option(a.media_type, "--media-type")
      .Choice(a.purpose, "--purpose", "purpose")
      .Option(a.resume, "--resume");
  AddToWhom(leaf, a.whom);
}

}  // namespace
}  // namespace schakel::attachments_commands

namespace schakel {

// What came before an interruption stays, and is gone on from.
int FetchFile(Session& session, const std::string& target, const std::string& path, bool force) {
  std::error_code error;
  if (std::filesystem::exists(path, error) && !force) {
    return session.Say({Code::kExists, "file.exists", path, "choose another name, or move the old file away"});
  }
  const std::string partly = path + ".part";
  PartFile part;
  if (auto opened = part.OpenToAppend(partly); !opened) return session.Say(opened.error());
  Status written;
  const auto fetch = [&](std::uint64_t from) {
    return session.Fetch(target, from, [&](std::string_view bytes) {
      written = part.Add(AsBytes(bytes));
      return written.has_value();
    });
  };
  // The last byte again, so that a part that is all there asks for something as well.
  const std::uint64_t from = part.size() > 0 ? part.size() - 1 : 0;
  if (auto shorter = part.Shorten(from); !shorter) return session.Say(shorter.error());
  const auto tag = fetch(from);
  if (!written) return session.Say(written.error());
  if (!tag && tag.error() == Session::Unfetched::kRefused) {
    // Nothing came, and the same command would get nothing either.
    if (part.size() == 0) std::filesystem::remove(partly, error);
    return 1;
  }
  if (!tag) {
    session.world().err << "hint: " << session.T("cli.download.resume") << '\n';
    return 1;
  }
  if (auto synced = part.Sync(); !synced) return session.Say(synced.error());
  const auto hash = part.Hash();
  if (!hash) return session.Say(hash.error());
  if (ToHex(*hash) != *tag) {
    std::filesystem::remove(partly, error);
    return session.Say({Code::kTampered, "download.other", path, "ask for it again"});
  }
  std::filesystem::rename(partly, path, error);
  if (error) return session.Say({Code::kUnavailable, "file.write", path, "check that the directory has room"});
  const Json done = {{"file", path}, {"size", part.size()}, {"sha256", *tag}};
  if (!session.PrintedJson(done)) {
    session.out() << session.T("cli.download.done", {{"file", path}, {"size", std::to_string(part.size())}}) << '\n';
  }
  return 0;
}

void AddAttachmentCommands(CommandTree& tree) {
  using namespace attachments_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("attach");
    leaf.Positional(a->trajectory, "trajectory")
        .Positional(a->file, "file")
        .Choices(a->categories, "--category", "category")
        .Option(a->about, "--about");
    AddWhat(leaf, *a);
    leaf.Does(with(a, &Attach));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("consultations attach");
    leaf.Positional(a->consultation, "consultation")
        .Positional(a->file, "file")
        .Choices(a->categories, "--category", "category")
        .Flag(a->checked, "--checked");
    AddWhat(leaf, *a);
    leaf.Does(with(a, &Attach));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("attachments").Positional(a->trajectory, "trajectory").Flag(a->full, "--full").Does(with(a, &List));
  }
  tree.Add("uploads list").Does([](Session& session) { return Uploads(session); });
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("uploads drop").Positional(a->upload, "upload").Does(with(a, &Drop));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("download")
        .Positional(a->attachment, "attachment")
        .Option(a->to_file, "--to", kMust)
        .Flag(a->force, "--force")
        .Does(with(a, &Download));
  }
}

}  // namespace schakel
