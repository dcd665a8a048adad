/** Where a replay stands. Times in ms since the session began. */
export type ReplayView = {
  /** The newest entry shown, and the first and last of the file. */
  readonly n: number;
  readonly first: number;
  readonly last: number;
  readonly t: number;
  /** When the first and the last of the file came: one saved late begins late. */
  readonly begin: number;
  readonly end: number;
  readonly playing: boolean;
  /** 1: as fast as it was. */
  readonly speed: number;
  /** The last line of the file was not whole and was left out. */
  readonly cut: boolean;
};

/** What a person can do with the time of a replay. */
export type ReplayControl = {
  readonly view: () => ReplayView;
  /** To the entry so many further on, or back; playing stops. */
  readonly step: (entries: number) => void;
  /** To the state of so many ms later, or earlier. */
  readonly skip: (ms: number) => void;
  /** To the entry of this number, or the nearest there is. */
  readonly seek: (n: number) => void;
  readonly togglePlay: () => void;
  /** Twice, or half as fast. */
  readonly faster: (factor: 2 | 0.5) => void;
};
