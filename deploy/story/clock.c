// The clock of the story: stands between a program and the clock on the wall (LD_PRELOAD), and adds the seconds that
// stand in the file STORY_CLOCK, eight bytes in the machine's own order. The file stays mapped, so that a leap is one
// store that every program sees at once. Who waits until a moment on the wall waits as long as it takes by the real
// clock: deadlines are set back. Waiting by the monotonic clock is left alone.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t* ahead;

__attribute__((constructor)) static void OpenClock(void) {
  const char* path = getenv("STORY_CLOCK");
  const int file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void* mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) ahead = mapped;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec* to) {
  const int done = (int)syscall(SYS_clock_gettime, clock, to);
  if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) && ahead != NULL) to->tv_sec += *ahead;
  return done;
}

time_t time(time_t* to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to != NULL) *to = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(struct timeval* restrict to, void* restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  to->tv_sec = now.tv_sec;
  to->tv_usec = now.tv_nsec / 1000;
  return 0;
}

int pthread_cond_timedwait(pthread_cond_t* restrict told, pthread_mutex_t* restrict mutex,
                           const struct timespec* restrict until) {
  // The clock of a condition cannot be asked for. The monotonic one counts from the start of the machine.
  if (until->tv_sec < 1000000000) return pthread_cond_clockwait(told, mutex, CLOCK_MONOTONIC, until);
  struct timespec really = *until;
  if (ahead != NULL) really.tv_sec -= *ahead;
  return pthread_cond_clockwait(told, mutex, CLOCK_REALTIME, &really);
}
