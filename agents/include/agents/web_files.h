// The web page as files that the program carries within itself (agents/web).
#pragma once

#include <span>
#include <string_view>

namespace schakel {

struct WebFile {
  std::string_view path;  // From the root, without a slash before it: "index.html", "assets/index-4Fz1.js".
  std::string_view type;  // Content-Type.
  std::string_view bytes;
  // The same, compressed (RFC 1952, RFC 7932); empty: that would not be smaller.
  std::string_view gzip;
  std::string_view brotli = {};
};

// What was built into this program; empty where it was built without (-DSCHAKEL_WEB=OFF). Of the program alone, so that
// the library and its tests need no browser's tools.
std::span<const WebFile> EmbeddedWebFiles();

}  // namespace schakel
