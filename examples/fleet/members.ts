import type { Device } from "./device";

/** What an entry of the data file may say. */
export type Member = Exclude<keyof Device, "site">;

/** What is wrong with a value, or undefined. */
type Complaint = (value: unknown) => string | undefined;

const id = text(
	/^[A-Za-z0-9\-.%_*?!(),:=@$';]{1,128}$/,
	"1 to 128 letters, digits and - . % _ * ? ! ( ) , : = @ $ ' ;",
);
const thumbprint = text(/^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/, "40 or 64 hexadecimal digits");

/** Each member of an entry with the values that it takes. A name must do as an id. */
export const MEMBERS: Readonly<Record<Member, Complaint>> = {
	name: id,
	id,
	edge: oneOf(true, false),
	parent: text(/./, "the name of a gateway"),
	status: oneOf("enabled", "disabled"),
	reason: text(/^.{1,128}$/, "1 to 128 characters"),
	authentication: oneOf("sas", "selfSigned", "certificateAuthority"),
	keys: oneOf("hub", "derived"),
	thumbprint,
	nextThumbprint: thumbprint,
};

/** The members that the file leaves out most of the time. */
export const DEFAULTS = { edge: false, status: "enabled", authentication: "sas", keys: "hub" } as const;

/** Whether an entry may have a member of this name. */
export function isMember(name: string): name is Member {
	return Object.hasOwn(MEMBERS, name);
}

function text(pattern: RegExp, takes: string): Complaint {
	return (value) => {
		if (typeof value === "number") return `takes a text; put ${value} in quotes`;
		if (typeof value === "string" && pattern.test(value)) return undefined;
		return `takes ${takes}, not ${JSON.stringify(value)}`;
	};
}

function oneOf(...values: readonly unknown[]): Complaint {
	return (value) =>
		values.includes(value) ? undefined : `takes ${values.join(" or ")}, not ${JSON.stringify(value)}`;
}
