// Names a thread for those who look at the process from outside.
#pragma once

#include <pthread.h>

namespace schakel {

// At most 15 characters.
inline void NameThisThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace schakel
