import type { PendingOperation } from "../engine/index.ts";
import type { End, Point } from "./killEngine.ts";

/** What a run is about: a device and a member of the fleet come, others go, and others change. */
export interface Turn {
	readonly comes: string;
	readonly goes: string;
}

/** A point at which an engine ends, and what that leaves behind where the engine does not wait. */
export interface Ending extends Point {
	/** What state says was under way. */
	readonly pending?: PendingOperation["type"];
	/** Whether a device is made that state does not hear of: the program must say that it is to be adopted. */
	readonly isMade?: boolean;
	/** Whether a provider that lives on has a whole fleet to finish, and not only what this request is part of. */
	readonly isFleet?: boolean;
}

/** The points that differ. */
const POINTS = {
	"a look before the first request": () => ({ match: { method: "GET" }, isBefore: true }),
	"a read": () => ({ match: { method: "GET" }, options: { refresh: true } }),
	"a device's creation": ({ comes }) => ({ ...put(comes), pending: "creating", isMade: true }),
	"a device's change": () => ({ ...put("changes"), pending: "updating" }),
	"a device's deletion": ({ goes }) => ({ ...createDeletePoint(goes), pending: "deleting" }),
	"a member's creation": ({ comes }) => ({ ...put(`m-${comes}`), ...OF_FLEET }),
	"a member's change": () => ({ ...put("m-changes"), ...OF_FLEET }),
	"a member's deletion": ({ goes }) => ({ ...createDeletePoint(`m-${goes}`), ...OF_FLEET }),
} as const satisfies Readonly<Record<string, (turn: Turn) => Ending>>;

const OF_FLEET = { pending: "updating", isFleet: true } as const;

type PointName = keyof typeof POINTS;

/** A way for an engine to end, and the points at which it is tried. */
interface Way {
	readonly end: End;
	readonly at: readonly PointName[];
}

const WAYS: Readonly<Record<string, Way>> = {
	"killed, while its provider lives on,": {
		end: { signals: ["SIGKILL"] },
		at: [
			"a look before the first request",
			"a read",
			"a device's creation",
			"a device's change",
			"a device's deletion",
			"a member's creation",
			"a member's change",
			"a member's deletion",
		],
	},
	"killed with all that it started": {
		end: { signals: ["SIGKILL"], isOfAll: true },
		at: ["a device's creation", "a device's deletion", "a member's creation"],
	},
	"interrupted once": {
		end: { signals: ["SIGINT"], isPatient: true },
		at: ["a device's creation", "a device's deletion", "a member's creation"],
	},
	"interrupted twice": {
		end: { signals: ["SIGINT", "SIGINT"] },
		at: ["a device's creation", "a device's change", "a member's deletion"],
	},
};

/** Every way for an engine to end, in words and as data, with the points to try it at by their names. */
export const ENDS = Object.entries(WAYS).map(([how, { end, at }]) => ({
	how,
	end,
	points: at.map((name) => ({ name, at: (turn: Turn): Ending => POINTS[name](turn) })),
}));

function put(id: string): Point {
	return { match: { method: "PUT", path: `^/devices/${id}$` } };
}

function createDeletePoint(id: string): Point {
	return { match: { method: "DELETE", path: `^/devices/${id}$` } };
}
