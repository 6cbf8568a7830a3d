// Who acts in the tests. Passwords satisfy every policy and are made of nobody's name.

export interface Person {
  name: string;
  email: string;
  password: string;
}

export const organization = "Northwind Support";

export const holder: Person = {
  name: "Ada Owner",
  email: "ada.owner@northwind.example.test",
  password: "Vq7!mReXb2wZ",
};

export const anna: Person = {
  name: "Anna Schmidt",
  email: "anna.schmidt@northwind.example.test",
  password: "Kt4?wZuLp9eR",
};

export const newPassword = "Hx8#nBvCy5tQ";
