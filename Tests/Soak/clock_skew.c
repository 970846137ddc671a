// Preloaded into one node: moves its wall clock, and no other clock, by as many seconds as the file SKEW_FILE says.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int (*kernel_clock)(clockid_t, struct timespec *);
static long offset, read_at = -1000;

static void read_offset(void) {
  struct timespec now;
  kernel_clock(CLOCK_MONOTONIC, &now);
  long milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1000000;
  if (milliseconds - read_at < 50) return;
  read_at = milliseconds;
  const char *path = getenv("SKEW_FILE");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  char text[32] = "";
  if (read(file, text, sizeof text - 1) > 0) offset = atol(text);
  close(file);
}

// Before there are threads: one that asked while another read the file for the first time would be told the true time.
__attribute__((constructor)) static void begin(void) {
  kernel_clock = dlsym(RTLD_NEXT, "clock_gettime");
  read_offset();
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!kernel_clock) kernel_clock = dlsym(RTLD_NEXT, "clock_gettime");
  int result = kernel_clock(clock, time);
  if (result || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  read_offset();
  time->tv_sec += offset;
  return 0;
}

int gettimeofday(struct timeval *restrict value, void *restrict zone) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  if (value) *value = (struct timeval){time.tv_sec, time.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *value) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (value) *value = now.tv_sec;
  return now.tv_sec;
}
