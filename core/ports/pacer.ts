/** What everything passes that makes many events, so that what somebody just did never waits behind them. */
export interface Pacer {
  /** Waits until that many more events may be made. */
  take(count: number): Promise<void>;
}
