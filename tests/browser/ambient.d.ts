// What TypeScript cannot see: what checks leave in a page between two of their steps.

interface Window {
  keyboard?: {
    restart(): void;
    stop(): { place: number; name: string; complaints: string[] } | undefined;
  };
}
