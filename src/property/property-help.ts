/** What each property asks, in a sentence for whoever meets its name in a report. */
export const PROPERTY_HELP: Readonly<Record<string, string>> = {
  'no-torn-instruction':
    'Every instruction that a CPU executes at a patched site is wholly one version of the site, or the INT3 at its start.',
  'int3-handled': "Every #BP that a patcher's INT3 raises is consumed by its handler.",
  'interrupt-flag': 'The interrupt flag is the same on reaching the target as it was at the site.',
  'site-effect':
    'Each pass over a site has exactly the effect of the old or the new instruction, or of what the handler emulates.',
  'quiesced-after-return':
    'After the patch API returned no CPU begins to execute the INT3 or bytes of a version that was replaced.',
  'no-old-after-sync1':
    'Once every CPU has acknowledged the first sync core of a patch, no CPU executes the old instruction.',
  'monotone-per-cpu': 'A CPU that had the new effect of a patch does not later have the old one.',
  'no-use-after-reuse': 'No context executes or reads memory that was freed or filled anew since it entered it.',
  'no-undefined-xmc':
    'No CPU executes a byte that another one changed since it last serialised, but for INT3 as the first byte.',
  'shadow-stack': 'Every near RET returns to where its CALL pushed.',
  'no-unhandled-exception': 'No CPU stops because of an exception that nothing handles.',
  progress: 'From every state everything that began can still return.',
};
