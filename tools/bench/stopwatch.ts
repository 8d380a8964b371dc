/** Microseconds of CPU that a piece of work takes, the least of ten rounds: what else the machine does only adds. */
export function microsecondsOf(work: () => unknown, times: number): number {
  const rounds = Array.from({ length: 10 }, () => {
    const begun = process.cpuUsage();
    for (let i = 0; i < times; i++) work();
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / times;
  });
  return Math.min(...rounds);
}

/** To three places. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000;
