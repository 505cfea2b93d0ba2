/** First key of Commander's advisory locks ("CMDR" in ASCII), so that they meet no other program's. */
export const advisoryClass = 0x434d4452;

/** Second keys of the locks that are not a worker's; workers' own are positive. */
export const advisoryKeys = { admission: -1, supervision: -2, chat: -3 } as const;
