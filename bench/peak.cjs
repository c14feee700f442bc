// Loaded before the command: tells the most memory it held, in kB, as its last line.
process.on('exit', () => process.stdout.write(`${process.resourceUsage().maxRSS}\n`));
