#include "admin_folder.h"

#include <sys/stat.h>
#include <unistd.h>

namespace schakel {

Status ReadyAdminFolder(const std::filesystem::path& socket, IfNoFolder if_none) {
  const std::filesystem::path folder = socket.parent_path();
  const auto refuse = [&](Code code, const std::filesystem::path& where, const std::string& next) {
    return Fail(code, "transport.admin_socket", "admin.socket: " + where.string(), next);
  };
  std::error_code failed;
  if (!std::filesystem::exists(folder, failed)) {
    const std::filesystem::path above = folder.parent_path();
    if (!std::filesystem::is_directory(above, failed)) {
      return refuse(Code::kNotFound, above,
                    "this folder is not there: make it (mkdir -p " + above.string() + "), or correct admin.socket");
    }
    if (::access(above.c_str(), W_OK | X_OK) != 0) {
      return refuse(
          Code::kUnavailable, folder,
          "this folder is not there and cannot be made: make it for the user who runs the hub (mkdir -m 700 " +
              folder.string() + "), or choose another for admin.socket");
    }
    if (if_none == IfNoFolder::kLeave) return {};
    if (::mkdir(folder.c_str(), 0700) != 0) {
      return refuse(Code::kUnavailable, folder, "this folder cannot be made: choose another for admin.socket");
    }
  }
  struct stat info{};
  const bool ours = stat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid();
  if (ours && (info.st_mode & 077U) == 0) return {};
  return refuse(Code::kUnavailable, folder,
                "let it lie in a folder of its own that belongs to the user who runs the hub and is closed to others: "
                "chmod 700 " +
                    folder.string());
}

}  // namespace schakel
