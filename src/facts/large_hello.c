#include "facts/large_hello.h"

void facts_large_hello_json(const facts_large_hello *hello, base_json *json)
{
    if (!hello->looked) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_int(json, "octets", hello->octets);
    base_json_key(json, "small_octets");
    if (hello->small_octets > 0)
        base_json_int(json, hello->small_octets);
    else
        base_json_null(json);
    base_json_key_bool(json, "split", hello->split);
    base_json_key(json, "failure");
    facts_failure_json(hello->failure, json);
    base_json_object_end(json);
}
