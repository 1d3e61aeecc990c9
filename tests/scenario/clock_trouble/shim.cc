// Stands between a program and the clock on the wall (LD_PRELOAD): it goes ahead or behind by a fixed number of
// seconds.
#include <dlfcn.h>
#include <time.h>

#include <cstdlib>

namespace {

long AheadSeconds() {
  static const long ahead = [] {
    const char* given = std::getenv("CLOCK_TROUBLE_AHEAD_SECONDS");
    return given != nullptr ? std::strtol(given, nullptr, 10) : 0L;
  }();
  return ahead;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, struct timespec* to) noexcept {
  using Real = int(clockid_t, struct timespec*);
  static auto* const real = reinterpret_cast<Real*>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int done = real(clock, to);
  if (done == 0 && clock == CLOCK_REALTIME) to->tv_sec += AheadSeconds();
  return done;
}
