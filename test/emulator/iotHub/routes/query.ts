import type { Route } from "./route.ts";

export const queryRoutes: readonly Route[] = [];
