#include "config/nginx_rules.h"

void nginx_judge_emitters(const nginx_judging *judging)
{
    (void)judging;
}
