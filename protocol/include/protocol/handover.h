// Memory that a library hands over from one of its own threads.
//
// ThreadSanitizer does not see the locks of a library that is not built with it, and takes such a handover for a race.
// In its builds, reads and writes by the calling thread within the life of a LibraryHandover are taken to be in order;
// in all others it does nothing. Keep it short: copy what was handed over, and go on with the copy.
#pragma once

#if defined(__SANITIZE_THREAD__)
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace schakel {

class LibraryHandover {
 public:
#if defined(__SANITIZE_THREAD__)
  static constexpr bool kMustCopy = true;
  LibraryHandover() {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~LibraryHandover() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
#else
  static constexpr bool kMustCopy = false;
  LibraryHandover() {}
  ~LibraryHandover() {}
#endif
  LibraryHandover(const LibraryHandover&) = delete;
  LibraryHandover& operator=(const LibraryHandover&) = delete;
};

}  // namespace schakel
