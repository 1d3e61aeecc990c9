// Room set aside on the disk, so that a full one can still be mended: a database that replays its WAL writes first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "protocol/result.h"

namespace schakel {

class Ballast {
 public:
  // `room_bytes`: what the disk has left; null: the disk is asked.
  Ballast(std::filesystem::path path, std::size_t bytes, std::function<std::uint64_t()> room_bytes = nullptr)
      : path_(std::move(path)), bytes_(bytes), room_bytes_(std::move(room_bytes)) {}

  // Before the database opens: gives the ballast back if the disk has less room than that.
  void ReleaseIfBelow(std::uint64_t room_bytes);
  // At once, whatever room there is. False: there was none to give.
  bool Release();
  // After it has opened: sets it aside if there is room for it and as much again. False: there is not.
  bool Restore();
  // What Restore wants, and what the disk has.
  std::uint64_t room_wanted() const { return 2 * std::uint64_t{bytes_}; }
  std::uint64_t Room() const;

 private:
  std::filesystem::path path_;
  std::size_t bytes_;
  std::function<std::uint64_t()> room_bytes_;
};

}  // namespace schakel
