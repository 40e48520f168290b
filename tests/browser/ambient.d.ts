// What TypeScript cannot see: what checks and tests leave in a page.

interface Window {
  results?: { name: string; error?: string }[];
  keyboard?: {
    restart(): void;
    stop(): { place: number; name: string; complaints: string[] } | undefined;
  };
}
