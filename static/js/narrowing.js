// A wallet belongs to one wallet type: choosing the type asks for its wallets.
document.addEventListener("change", (event) => {
  if (event.target.id === "id_payment_system") {
    document.getElementById("id_wallet").value = "";
    event.target.form.requestSubmit();
  }
});
