import fc from 'fast-check';

/** Property tests try the same inputs every time; a test that wants others says so itself. */
fc.configureGlobal({ seed: 1 });
