import type { Device } from "./device";

/** A member of an entry in the data file. */
export type Member = Exclude<keyof Device, "site">;

/** Returns the error of a value; undefined if it is valid. */
type Complaint = (value: unknown) => string | undefined;

const id = text(
	/^[A-Za-z0-9\-.%_*?!(),:=@$';]{1,128}$/,
	"1 to 128 letters, digits and - . % _ * ? ! ( ) , : = @ $ ' ;",
);
const thumbprint = text(/^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/, "40 or 64 hexadecimal digits");

/** Each member of an entry, with its check. A name must be a valid id. */
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

/** The defaults of members that the file leaves out. */
export const DEFAULTS = { edge: false, status: "enabled", authentication: "sas", keys: "hub" } as const;

/** Whether an entry can have a member of this name. */
export function isMember(name: string): name is Member {
	return Object.hasOwn(MEMBERS, name);
}

function text(pattern: RegExp, expected: string): Complaint {
	return (value) => {
		if (typeof value === "number") return `must be a string; put ${value} in quotes`;
		if (typeof value === "string" && pattern.test(value)) return undefined;
		return `must be ${expected}, not ${JSON.stringify(value)}`;
	};
}

function oneOf(...values: readonly unknown[]): Complaint {
	return (value) =>
		values.includes(value) ? undefined : `must be ${values.join(" or ")}, not ${JSON.stringify(value)}`;
}
