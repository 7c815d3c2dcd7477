import type { Route } from "./route.ts";

export const bulkRoutes: readonly Route[] = [];
