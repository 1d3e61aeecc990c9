#include "directory_keeper.h"

namespace schakel {

void DirectoryKeeper::CatchUp(std::function<void()> done) {
  waiting_.push_back(std::move(done));
  if (!asking_) AskPage();
}

void DirectoryKeeper::OnDisconnected() {
  asking_ = false;
  waiting_.clear();
}

void DirectoryKeeper::AskPage() {
  asking_ = true;
  requests_.Ask(DirectoryQuery{knowledge_.StatementCount()}, clock_.Steady(),
                [this](MessagePayload& reply) { OnPage(reply); });
}

void DirectoryKeeper::OnPage(MessagePayload& reply) {
  asking_ = false;
  const auto* page = std::get_if<DirectoryReply>(&reply);
  if (!page) {
    const auto* error = std::get_if<Error>(&reply);
    return on_failed(error ? *error : Error{Code::kInvalid, "wire.type", "directory", {}});
  }
  for (const SignedStatement& statement : page->statements) {
    if (!Take(statement)) return;
  }
  if (page->more && !page->statements.empty()) return AskPage();
  for (std::function<void()>& done : std::exchange(waiting_, {})) done();
}

// False: distrusted.
bool DirectoryKeeper::Take(const SignedStatement& statement) {
  auto decoded = DecodeStatement(statement.statement);
  const auto* about = decoded ? std::get_if<OrgStatement>(&*decoded) : nullptr;
  std::optional<Directory::Organisation> before;
  if (about) before = knowledge_.FindOrganisation(about->organisation);
  auto applied = knowledge_.AddStatement(statement);
  if (!applied) {
    Error why = applied.error();
    why.code = Code::kTampered;
    step_.Distrust(std::move(why));
    return false;
  }
  step_.writes().PutStatement(knowledge_.StatementCount(), statement);
  if (about) ShowChange(*about, before);
  if (const auto* registrars = std::get_if<RegistrarsStatement>(&*applied)) ShowChange(*registrars);
  if (std::holds_alternative<UnknownStatement>(*applied)) {
    step_.Raise(Alarm::Fault::kNotice,
                {Code::kVersion, "directory.newer_kind", {}, "update this agent: until then it does not act on it"},
                OrgId());
  }
  on_taken(about != nullptr && about->organisation == knowledge_.self());
  return true;
}

void DirectoryKeeper::ShowChange(const RegistrarsStatement& now) {
  step_.Raise(Alarm::Fault::kNotice,
              {Code::kConflict, "directory.registrars_changed",
               std::to_string(now.registrars.threshold) + "/" + std::to_string(now.registrars.keys.size()),
               "call a registrar that you know, and ask who signs from now on"},
              OrgId());
}

void DirectoryKeeper::ShowChange(const OrgStatement& now, const std::optional<Directory::Organisation>& before) {
  if (now.organisation == knowledge_.self()) return;  // See KeyKeeper.
  if (before && before->statement.keys != now.keys) {
    step_.Raise(Alarm::Fault::kNotice,
                {Code::kConflict, "directory.keys_changed", Fingerprint(now.organisation, now.keys),
                 "call the organisation and compare the fingerprint"},
                now.organisation);
  }
}

}  // namespace schakel
