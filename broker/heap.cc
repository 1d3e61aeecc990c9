// How the hub's heap is kept: few arenas, and freed memory back to the system within a second, so that what a rush took
// does not stay.
extern "C" {
// Read by jemalloc (its manual, "TUNING") before main; the name is its own.
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
