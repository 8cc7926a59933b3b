/* Times and durations: what is read comes back from its written form. */
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_time(const char *text)
{
    char written[BASE_TIME_MAX];
    int64_t time, again;
    base_error error;

    if (!base_time_parse(text, &time, &error))
        return;
    base_time_format(time, written);
    check(strlen(written) == BASE_TIME_MAX - 1 && base_time_parse(written, &again, &error));
    if (time >= -INT64_C(62167219200) && time <= INT64_C(253402300799))
        check(again == time);
}

static void check_duration(const char *text)
{
    char words[BASE_WORDS_MAX];
    int64_t seconds;
    base_error error;

    if (!base_duration_parse(text, &seconds, &error))
        return;
    check(seconds >= 0);
    base_duration_words(seconds, words);
    check(words[0] != '\0' && strlen(words) < BASE_WORDS_MAX - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    check(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    check_time(text);
    check_duration(text);
    free(text);
    return 0;
}
