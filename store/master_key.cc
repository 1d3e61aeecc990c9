#include "store/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "disk_files.h"
#include "master_key_source.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::size_t kKeyFileBytesMax = 256;

// Ours alone; or root's, readable by the group, which is how systemd hands a credential to a service (an access list,
// whose mask shows as the group's bits).
Status CheckKeyFileMode(const struct stat& info, const std::string& path) {
  const bool ours = info.st_uid == ::geteuid() && (info.st_mode & 077) == 0;
  const bool credential = info.st_uid == 0 && ::geteuid() != 0 && (info.st_mode & 027) == 0;
  if (ours || credential) return {};
  return Fail(Code::kInvalid, "master_key.mode", path,
              "make the key file yours alone: chown it to the user that runs this program, and chmod 600");
}

}  // namespace

Result<Secret<32>> ReadMasterKeyFile(const MasterKeyFile& source) {
  const std::string name = source.path.string();
  struct stat info{};
  if (::stat(source.path.c_str(), &info) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) return DiskFailure("master_key.file", source.path);
    return Fail(Code::kUnavailable, "master_key.file", name,
                "there is no such file: put the master key back from its safe copy, or correct its path in the "
                "configuration; without it nothing in the store can be read");
  }
  SCHAKEL_TRY(CheckKeyFileMode(info, name));
  SCHAKEL_ASSIGN(Bytes text, ReadWholeFile(source.path, kKeyFileBytesMax, "master_key.file"));
  std::string_view digits = AsText(text);
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  auto bytes = FromHex(digits);
  if (!bytes || bytes->size() != 32) {
    return Fail(Code::kInvalid, "master_key.format", name,
                "the key file must hold 64 hex digits and nothing else: put it back from its safe copy");
  }
  return Secret<32>::From(*bytes);
}

Result<Secret<32>> LoadMasterKey(const MasterKeySource& source, ByteView salt16) {
  if (const auto* file = std::get_if<MasterKeyFile>(&source)) return ReadMasterKeyFile(*file);
  const std::string& text = std::get<MasterPassphrase>(source).text;
  if (text.empty()) return Fail(Code::kInvalid, "master_key.empty", {}, "give a passphrase");
  return DeriveFromPassphrase(text, salt16);
}

Status CreateMasterKeyFile(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.open()) {
    if (errno == EEXIST) {
      return Fail(Code::kExists, "master_key.file", path.string(),
                  "a key file is never overwritten: choose another name, or move the old one away");
    }
    return DiskFailure("master_key.file", path);
  }
  const std::string text = ToHex(Secret<32>::Generate().view()) + "\n";
  SCHAKEL_TRY(WriteAll(file.get(), AsBytes(text), path, "master_key.file"));
  if (::fsync(file.get()) != 0) return DiskFailure("master_key.file", path);
  return SyncFolder(path.has_parent_path() ? path.parent_path() : ".", "master_key.file");
}

}  // namespace schakel
