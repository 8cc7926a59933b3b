/* Chromium's transport_security_state_static.json. */
#include "fuzz/preload_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_list(&preload_reader_chromium, data, size);
    return 0;
}
