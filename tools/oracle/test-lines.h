/* The lines that record reads and writes: tests and what they ended in. record.c describes them. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  GPRS = 16,
  XMMS = 16,
  MAX_BYTES = 1024,
  MAX_RUNS = 64,
  PAGE = 4096,
  DATA_SIZE = 8 * PAGE,
};
static const uint64_t CODE_BASE = 0x10001000, DATA_BASE = 0x20000000;

struct run { uint64_t address; uint32_t offset, length; };
struct xmm { uint64_t low, high; };

/* What a test names beside RIP and memory. */
struct registers { uint64_t gpr[GPRS], rip, rflags, fs_base, gs_base; struct xmm xmm[XMMS]; };

struct test {
  char mode;
  uint8_t bytes[MAX_BYTES];
  uint32_t length;
  struct registers before;
  struct run runs[MAX_RUNS];
  uint32_t run_count;
  uint8_t *contents;
};

struct result {
  int done, completed;
  uint64_t vector, error, cr2;
  struct registers after;
  uint8_t data[DATA_SIZE];
};

static void print_result(const struct test *test, const struct result *result) {
  static uint8_t before[DATA_SIZE];
  if (!result->done) {
    puts("lost");
    return;
  }
  if (result->completed) printf("- 0 0");
  else printf("%lu %lx %lx", result->vector, result->error, result->cr2);
  const struct registers *after = &result->after;
  printf(" %lx %lx", after->rip, after->rflags);
  for (int i = 0; i < GPRS; i++) printf(" %lx", after->gpr[i]);
  printf(" %lx %lx", after->fs_base, after->gs_base);
  for (int i = 0; i < XMMS; i++) printf(" %016lx%016lx", after->xmm[i].high, after->xmm[i].low);
  memset(before, 0, DATA_SIZE);
  for (uint32_t i = 0; i < test->run_count; i++) {
    memcpy(before + (test->runs[i].address - DATA_BASE), test->contents + test->runs[i].offset, test->runs[i].length);
  }
  for (int at = 0; at < DATA_SIZE; at++) {
    if (before[at] == result->data[at]) continue;
    printf(" %lx:", DATA_BASE + (uint64_t)at);
    for (; at < DATA_SIZE && before[at] != result->data[at]; at++) printf("%02x", result->data[at]);
  }
  putchar('\n');
}

static uint32_t parse_bytes(const char *text, uint8_t *bytes) {
  uint32_t length = 0;
  for (; text[0] && text[1]; text += 2) {
    char pair[3] = {text[0], text[1], 0};
    bytes[length++] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return length;
}

static void bad_line(const char *why) {
  fprintf(stderr, "record: bad input line: %s\n", why);
  exit(2);
}

static char *next_word(char **rest) {
  char *word = strsep(rest, " ");
  if (word == NULL) bad_line("too few numbers");
  return word;
}

static uint64_t next_number(char **rest) {
  return strtoull(next_word(rest), NULL, 16);
}

/* 32 digits. */
static struct xmm next_xmm(char **rest) {
  char *word = next_word(rest), high[17] = {0};
  if (strlen(word) != 32) bad_line("a vector register without 32 digits");
  memcpy(high, word, 16);
  return (struct xmm){.low = strtoull(word + 16, NULL, 16), .high = strtoull(high, NULL, 16)};
}

static void parse_test(char *line, struct test *test) {
  size_t size = strlen(line);
  char *mode = strsep(&line, " "), *bytes = strsep(&line, " ");
  if (bytes == NULL || strchr("srpb", *mode) == NULL) bad_line("no mode or bytes");
  if (strlen(bytes) > 2 * MAX_BYTES) bad_line("too many bytes");
  test->mode = *mode;
  test->length = parse_bytes(bytes, test->bytes);
  struct registers *before = &test->before;
  before->rip = next_number(&line);
  if (before->rip < CODE_BASE || before->rip + test->length + 1 > CODE_BASE + PAGE) bad_line("rip is outside its page");
  before->rflags = next_number(&line);
  for (int i = 0; i < GPRS; i++) before->gpr[i] = next_number(&line);
  before->fs_base = next_number(&line);
  before->gs_base = next_number(&line);
  for (int i = 0; i < XMMS; i++) before->xmm[i] = next_xmm(&line);
  test->contents = malloc(size);
  uint32_t used = 0;
  for (char *word; (word = strsep(&line, " ")) != NULL;) {
    if (test->run_count == MAX_RUNS) bad_line("too many runs of bytes");
    struct run *run = &test->runs[test->run_count++];
    char *contents = strchr(word, ':');
    if (contents == NULL) bad_line("a run of bytes without ':'");
    run->address = strtoull(word, NULL, 16);
    run->offset = used;
    run->length = parse_bytes(contents + 1, test->contents + used);
    used += run->length;
    if (run->address < DATA_BASE || run->address + run->length > DATA_BASE + DATA_SIZE) bad_line("outside the data");
  }
}
