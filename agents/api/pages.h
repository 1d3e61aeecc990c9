// The web page over the network, beside the API: files that are the same for everybody, and hold nothing of a case.
//
// Threads: any, once made.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "agents/api.h"
#include "agents/web_files.h"

namespace schakel {

class Pages {
 public:
  explicit Pages(std::span<const WebFile> files);  // Which outlive it.

  // Whether this path is one of theirs; "/" is index.html. Over the socket none is, and nothing under /v1/ ever.
  bool Has(const ApiRequest& request) const;
  // Of a path that is. Another method than GET is refused (405). With an ETag, compressed where that is accepted; what
  // has its hash in its name may be kept for ever, the rest is asked for anew each time.
  ApiResponse Answer(const ApiRequest& request) const;

 private:
  struct Page {
    const WebFile* file;
    std::string tag;  // Of the bytes as they are.
  };
  const Page* Find(const ApiRequest& request) const;

  std::map<std::string, Page, std::less<>> pages_;  // By path, with a slash before it.
};

}  // namespace schakel
